// Does a run's folder hold what a later report needs, and is a folder without a run told plainly?
#include "coordinator/run/run_directory.h"

#include <filesystem>
#include <fstream>

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

TEST_F(RunDirectoryTest, PathTakenByAFileIsBadInput) {
  std::ofstream(folder_ + "/taken") << "x";
  const absl::Status made = MakeRunDirectory(folder_ + "/taken/run");
  EXPECT_EQ(made.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(made.message()), HasSubstr("--artifact-dir"));
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
