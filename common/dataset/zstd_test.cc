// Is zstd data read whole, and refused when it is broken or too much?
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zstd.h>

#include <string>

#include "common/dataset/compression.h"
#include "common/dataset/testing.h"

namespace drumfire {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::StartsWith;

std::string Zstd(absl::string_view text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  const size_t size = ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 1);
  EXPECT_EQ(ZSTD_isError(size), 0u);
  out.resize(size);
  return out;
}

std::string UnzstdError(absl::string_view bytes, uint64_t max_bytes = 1 << 20) {
  return std::string(FindCompression(bytes)->decompress(bytes, max_bytes).status().message());
}

TEST(ZstdErrors, CutBrokenAndTrailingBytesAreRefused) {
  const std::string whole = Zstd(std::string(100'000, 'a') + "b");
  for (size_t size = 4; size < whole.size(); ++size) {
    EXPECT_EQ(UnzstdError(absl::string_view(whole).substr(0, size)),
              "found zstd data that is cut short, expected all of it")
        << size;
  }
  EXPECT_THAT(UnzstdError(whole + "junk"), StartsWith("found broken zstd data ("));
}

TEST(ZstdErrors, WhatGrowsTooLargeIsRefused) {
  EXPECT_THAT(UnzstdError(Zstd(std::string(10 << 20, ' '))),
              HasSubstr("in zstd data, expected at most 1048576"));
}

TEST(ZstdTest, FramesAreOneContent) {
  const std::string large(3 << 20, 'x');  // more than one piece
  const std::string bytes = Zstd("one ") + Zstd("") + Zstd(large);
  EXPECT_EQ(FindCompression(bytes)->decompress(bytes, 4 << 20).value(), "one " + large);
}

TEST(ZstdTest, RowsAreReadFromIt) {
  const InputFile file = ParseInput(Zstd("text,output_length\na,5\n"));
  EXPECT_EQ(file.rows.texts(0), "a");
  EXPECT_THAT(file.notes, Contains("read as zstd, CSV"));
}

}  // namespace
}  // namespace drumfire
