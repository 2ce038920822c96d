// Do the same rows come out of every layout and compression, and are broken ones refused by line?
#include <zlib.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/dataset/compression.h"
#include "common/dataset/input_file.h"
#include "common/dataset/row_kind.h"
#include "common/dataset/row_source.h"
#include "common/dataset/testing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr absl::string_view kLines =
    "{\"text\": \"a ], } \\\" b\", \"extra\": {\"t\": 0.10, \"l\": [1, {\"x\": \"]\"}]}}\n"
    "{\"text\": \"c\\\\\", \"output_length\": 5}\n";
constexpr absl::string_view kArray =
    " [\n\n {\"text\": \"a ], } \\\" b\",\n"
    "  \"extra\": {\"t\": 0.10, \"l\": [1, {\"x\": \"]\"}]}}\n ,\n"
    "{\"text\": \"c\\\\\", \"output_length\": 5}]\n \n";

std::string Gzipped(absl::string_view text) {
  z_stream stream = {};
  constexpr int kGzip = 16 + MAX_WBITS, kMemoryLevel = 8;
  EXPECT_EQ(
      deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, kGzip, kMemoryLevel, Z_DEFAULT_STRATEGY),
      Z_OK);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  return out;
}

std::string DecompressError(absl::string_view bytes, uint64_t max_bytes = 1 << 20) {
  return std::string(FindCompression(bytes)->decompress(bytes, max_bytes).status().message());
}

TEST(GzipErrors, CutBrokenAndTrailingBytesAreRefused) {
  const std::string whole = Gzipped(kLines);
  for (size_t size = 2; size < whole.size(); ++size) {
    EXPECT_EQ(DecompressError(absl::string_view(whole).substr(0, size)),
              "found gzip data that is cut short, expected all of it")
        << size;
  }
  std::string broken = whole;
  broken[whole.size() - 5] ^= 1;  // of the checksum
  EXPECT_EQ(DecompressError(broken), "found broken gzip data, expected a whole gzip file");
  EXPECT_EQ(DecompressError(whole + "junk"), "found broken gzip data, expected a whole gzip file");
}

TEST(GzipErrors, WhatGrowsTooLargeIsRefused) {
  const std::string bomb = Gzipped(std::string(10 << 20, ' '));
  EXPECT_LT(bomb.size(), size_t{1} << 18);
  EXPECT_THAT(DecompressError(bomb, 1 << 20), HasSubstr("in gzip data, expected at most 1048576"));
}

TEST(Gzip, MembersAreOneContent) {
  const std::string bytes = Gzipped("one ") + Gzipped("") + Gzipped("two");
  EXPECT_EQ(FindCompression(bytes)->decompress(bytes, 100).value(), "one two");
}

TEST(Gzip, OnlyItsFirstBytesTellIt) {
  EXPECT_EQ(FindCompression(Gzipped("x"))->name, "gzip");
  for (absl::string_view other : {"", "\x1F", "{\"text\": \"a\"}", "PK"}) {
    EXPECT_EQ(FindCompression(other), nullptr);
  }
}

TEST(JsonArrayErrors, NameTheLine) {
  EXPECT_THAT(RowsOf("["), ElementsAre("1: found the end of the file, expected the array's ]"));
  EXPECT_THAT(RowsOf("[\n{}\n"),
              ElementsAre("2:{}", "3: found the end of the file, expected the array's ]"));
  EXPECT_THAT(RowsOf("[{},\n]"), ElementsAre("1:{}", "2: found ], expected a row after the comma"));
  EXPECT_THAT(RowsOf("[{}]\n\n{}"),
              ElementsAre("1:{}",
                          "3: found more after the array, expected one array of JSON "
                          "objects"));
  EXPECT_THAT(RowsOf("[{},"),
              ElementsAre("1:{}", "1: found the end of the file, expected the array's ]"));
}

TEST(JsonArrayErrors, WhatIsNoObjectIsForTheParser) {
  EXPECT_THAT(RowsOf("[1, \"a,]\"\n,{\"x\": 1"),
              ElementsAre("1:1", "1:\"a,]\"", "2:{\"x\": 1",
                          "2: found the end of the file, expected the array's ]"));
  EXPECT_EQ(InputErrorOf("[{\"text\": \"a\"},\n 7]"),
            "f:2: found JSON that is no object, expected an array of JSON objects");
  EXPECT_EQ(InputErrorOf("[{\"text\": \"a\"}\n {\"text\": \"b\"}]"),
            "f:2: found no comma after a row, expected one between two rows");
  EXPECT_EQ(InputErrorOf("[{\"text\": \"a\"}}]"),
            "f:1: found no comma after a row, expected one between two rows");
  EXPECT_THAT(InputErrorOf("[}]"), HasSubstr("f:1: found broken JSON"));
  EXPECT_EQ(InputErrorOf("[{\"text\": \"a\"},\n\n{\"text\": 5}]"),
            "f:3: text: found 5, expected a string that is not empty");
  EXPECT_EQ(InputErrorOf("[]"), "f: found no rows, expected at least one JSON object");
  EXPECT_EQ(InputErrorOf("[{\"text\": \"a\"}"),
            "f:1: found the end of the file, expected the array's ]");
}

TEST(JsonArrayErrors, AnyCutOfAFileEnds) {
  for (size_t size = 0; size < kArray.size(); ++size) {
    EXPECT_LE(RowsOf(kArray.substr(0, size)).size(), 3u) << size;
  }
}

TEST(RowSource, TheEndStaysTheEnd) {
  for (absl::string_view bytes : {absl::string_view("[{}]\n"), absl::string_view("{}\n")}) {
    const auto source = FindRowLayout(bytes).open(bytes);
    EXPECT_TRUE(source->Next()->has_value());
    for (int i = 0; i < 3; ++i) EXPECT_FALSE(source->Next()->has_value());
  }
}

TEST(RowSource, LinesAreNumberedWithTheBlankOnes) {
  EXPECT_THAT(RowsOf("\n{}\r\n \n{ }"), ElementsAre("2:{}\r", "4:{ }"));
}

TEST(InputLayout, TheSameRowsComeOutOfAll) {
  const InputFile plain = ParseInput(kLines);
  EXPECT_EQ(plain.rows.texts(0), "a ], } \" b");
  EXPECT_EQ(plain.rows.extra_json(0), R"({"t":0.10,"l":[1,{"x":"]"}]})");
  const std::string bytes = plain.rows.SerializeAsString();
  for (const std::string& other : {std::string(kArray), Gzipped(kLines), Gzipped(kArray),
                                   absl::StrCat("\xEF\xBB\xBF", kArray)}) {
    EXPECT_EQ(ParseInput(other).rows.SerializeAsString(), bytes);
  }
}

TEST(InputLayout, ANoteSaysHowAFileWasReadUnlessAsJsonLines) {
  EXPECT_THAT(ParseInput(kLines).notes, Not(Contains(HasSubstr("read as"))));
  EXPECT_THAT(ParseInput(kArray).notes, Contains("read as JSON array"));
  EXPECT_THAT(ParseInput(Gzipped(kLines)).notes, Contains("read as gzip"));
  EXPECT_THAT(ParseInput(Gzipped(kArray)).notes, Contains("read as gzip, JSON array"));
}

TEST(InputLayout, ErrorsOfACompressedFileNameItsPathAndItsContentsLine) {
  EXPECT_EQ(InputErrorOf(Gzipped(kLines).substr(0, 20)),
            "f: found gzip data that is cut short, expected all of it");
  EXPECT_EQ(InputErrorOf(Gzipped("{\"text\": \"a\"}\n{\"text\": 5}")),
            "f:2: text: found 5, expected a string that is not empty");
}

TEST(RowKinds, TellThemselvesApart) {
  for (const RowKind* kind : RowKinds()) {
    EXPECT_EQ(FindRowKind(kind->kind), kind);
    EXPECT_EQ(FindRowKind(kind->name), kind);
    EXPECT_LE(kind->fields.size(), 32u) << kind->name;
  }
  EXPECT_EQ(FindRowKind(v1::DATASET_SYNTHETIC), nullptr);
  EXPECT_EQ(FindRowKind("sharegpt"), nullptr);
}

}  // namespace
}  // namespace drumfire
