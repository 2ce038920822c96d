// Is a file read whole or refused with its name, and a pipe as well?
#include "common/files/read_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace drumfire {
namespace {

using ::testing::HasSubstr;

class ReadFileTest : public ::testing::Test {
 protected:
  ReadFileTest() {
    std::string name = (std::filesystem::temp_directory_path() / "drumfire-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~ReadFileTest() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& bytes) {
    std::ofstream(folder_ + "/file", std::ios::binary) << bytes;
    return folder_ + "/file";
  }

  std::string folder_;
};

TEST_F(ReadFileTest, NamesWhatCannotBeRead) {
  const auto missing = ReadSmallFile(folder_ + "/none", 10);
  EXPECT_EQ(missing.status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(missing.status().message(), folder_ + "/none (No such file or directory)");
  EXPECT_THAT(std::string(ReadSmallFile(folder_, 10).status().message()), HasSubstr(folder_));
}

TEST_F(ReadFileTest, RefusesOneByteTooMany) {
  EXPECT_EQ(ReadSmallFile(Write("12345"), 4).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(*ReadSmallFile(Write("1234"), 4), "1234");
}

TEST_F(ReadFileTest, KeepsAllBytes) {
  const std::string bytes = std::string("a\0b\n", 4) + std::string(200'000, 'x');
  EXPECT_EQ(*ReadSmallFile(Write(bytes), 1 << 20), bytes);
  EXPECT_EQ(*ReadSmallFile(Write(""), 10), "");
}

TEST_F(ReadFileTest, ReadsAPipeToItsEnd) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  ASSERT_EQ(write(ends[1], "secret\n", 7), 7);
  close(ends[1]);
  EXPECT_EQ(*ReadSmallFile("/dev/fd/" + std::to_string(ends[0]), 100), "secret\n");
  close(ends[0]);
}

}  // namespace
}  // namespace drumfire
