// Are files read whole, and is what cannot be read named?
#include "coordinator/cli/disk_inputs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <set>

namespace drumfire {
namespace {

using ::testing::HasSubstr;

TEST(DiskInputsTest, NamesTheFileThatCannotBeRead) {
  const DiskInputs inputs;
  EXPECT_EQ(inputs.ReadFile("/nowhere/x.pem").status().message(),
            "/nowhere/x.pem (No such file or directory)");
  EXPECT_FALSE(inputs.ReadFile("/proc").ok());
  EXPECT_THAT(std::string(inputs.LoadTokenizer("/nowhere/tokenizer.json").status().message()),
              HasSubstr("/nowhere/tokenizer.json"));
  EXPECT_FALSE(inputs.Exists(""));
  EXPECT_FALSE(inputs.Exists("/nowhere"));
}

TEST(DiskInputsTest, NamesTheTokenizerFileThatHoldsNone) {
  const std::string path = ::testing::TempDir() + "/no_tokenizer.json";
  std::ofstream(path) << "{\"model\": 5}";
  EXPECT_THAT(std::string(DiskInputs().LoadTokenizer(path).status().message()), HasSubstr(path));
  std::remove(path.c_str());
}

TEST(DiskInputsTest, ReadsBytesAsTheyAre) {
  const std::string path = ::testing::TempDir() + "/bytes";
  const std::string bytes("a\0b\r\n", 5);
  std::ofstream(path, std::ios::binary) << bytes;
  EXPECT_EQ(DiskInputs().ReadFile(path).value(), bytes);
  EXPECT_TRUE(DiskInputs().Exists(path));
  std::remove(path.c_str());
}

TEST(DiskInputsTest, SeedsDifferAndFitIntoJson) {
  const DiskInputs inputs;
  std::set<uint64_t> seeds;
  for (int i = 0; i < 100; ++i) seeds.insert(inputs.DrawSeed());
  EXPECT_EQ(seeds.size(), 100U);
  EXPECT_LT(*seeds.rbegin(), uint64_t{1} << 53);
}

}  // namespace
}  // namespace drumfire
