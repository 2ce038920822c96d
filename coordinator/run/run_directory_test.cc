// Does a run's folder hold what a later report needs, and is a folder without a run told plainly?
#include "coordinator/run/run_directory.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using testing::HasSubstr;

class RunDirectoryTest : public testing::Test {
 protected:
  RunDirectoryTest() {
    std::string pattern = testing::TempDir() + "run-XXXXXX";
    folder_ = mkdtemp(pattern.data());
  }
  ~RunDirectoryTest() override { std::filesystem::remove_all(folder_); }

  std::string folder_;
};

TEST_F(RunDirectoryTest, FolderWithoutARunIsNamed) {
  const auto manifest = ReadManifest(folder_);
  EXPECT_EQ(manifest.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(manifest.status().message()), HasSubstr(folder_));
}

TEST_F(RunDirectoryTest, BrokenManifestIsBadInput) {
  std::ofstream(folder_ + "/" + kManifestFileName) << "{\"plan\": 7";
  EXPECT_EQ(ReadManifest(folder_).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(RunDirectoryTest, AnEndpointTypeOfALaterVersionIsBadInput) {
  std::ofstream(folder_ + "/" + kManifestFileName) << R"({"plan":{"endpoint":{"type":99}}})";
  const absl::Status status = ReadManifest(folder_).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("endpoint type 99 is not known"));
}

TEST_F(RunDirectoryTest, APrefixThatLeavesTheFolderOrTakesAnotherFilesNameIsBadInput) {
  for (const std::string prefix :
       {"../../x", "a/b", "..", ".hidden", "run", "run.json", "inputs"}) {
    EXPECT_EQ(CheckExportPrefix(prefix).code(), absl::StatusCode::kInvalidArgument) << prefix;
  }
  EXPECT_FALSE(CheckExportPrefix(std::string("a\0b", 3)).ok());
  EXPECT_FALSE(CheckExportPrefix(std::string(200, 'x')).ok());
  for (const char* prefix : {"", "profile_export", "mine", "journal", "runs"}) {
    EXPECT_TRUE(CheckExportPrefix(prefix).ok()) << prefix;
  }
}

TEST_F(RunDirectoryTest, AManifestThatNamesFilesElsewhereIsBadInputAndRemovesNone) {
  std::filesystem::create_directory(folder_ + "/run");
  std::ofstream(folder_ + "/x.json") << "precious";
  std::ofstream(folder_ + "/run/run.json") << R"({"export_prefix":"../x"})";
  const absl::Status status = ReadManifest(folder_ + "/run").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("export_prefix"));
  RemoveResults(folder_ + "/run");
  EXPECT_TRUE(std::filesystem::exists(folder_ + "/x.json"));
}

TEST_F(RunDirectoryTest, PathTakenByAFileIsBadInput) {
  std::ofstream(folder_ + "/taken") << "x";
  const absl::Status made = MakeRunDirectory(folder_ + "/taken/run");
  EXPECT_EQ(made.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(made.message()), HasSubstr("cannot make"));
}

TEST_F(RunDirectoryTest, EarlierResultsGoWholeAndNothingElse) {
  v1::RunManifest manifest;
  manifest.set_export_prefix("mine");
  ASSERT_TRUE(WriteManifest(folder_, manifest).ok());
  for (const char* name : {"mine.json", "mine_timeslices.csv", ".aiperf_results_ready.json",
                           "inputs.json", "journal.dfj", "notes.txt"}) {
    std::ofstream(folder_ + "/" + name) << "x";
  }
  RemoveResults(folder_);
  std::vector<std::string> left;
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    left.push_back(entry.path().filename());
  }
  EXPECT_THAT(left, testing::ElementsAre("notes.txt"));
}

TEST_F(RunDirectoryTest, FullDiskIsNamed) {
  EXPECT_TRUE(CheckRoom(folder_).ok());
  const absl::Status full = CheckRoom(folder_, UINT64_MAX);
  EXPECT_EQ(full.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(full.message()), HasSubstr("bytes free in " + folder_));
}

TEST_F(RunDirectoryTest, ManifestComesBackWhole) {
  v1::RunManifest manifest;
  manifest.set_run_id(std::string("\x00\xff\x10", 3));
  manifest.mutable_plan()->set_seed(uint64_t{1} << 63);
  manifest.mutable_plan()->add_phases()->set_request_rate(0.1);
  manifest.add_notes("a \"note\"");
  ASSERT_TRUE(MakeRunDirectory(folder_ + "/a/b").ok());
  ASSERT_TRUE(WriteManifest(folder_ + "/a/b", manifest).ok());
  const auto read = ReadManifest(folder_ + "/a/b");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->SerializeAsString(), manifest.SerializeAsString());
}

}  // namespace
}  // namespace drumfire
