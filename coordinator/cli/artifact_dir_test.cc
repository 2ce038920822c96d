// Does every run get its own directory, and is an unwritable one refused before the run?
#include "coordinator/cli/artifact_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "coordinator/cli/fake_inputs.h"
#include "coordinator/run/folder_lock.h"

namespace drumfire {
namespace {

using ::testing::HasSubstr;

class ArtifactDirTest : public ::testing::Test {
 protected:
  ArtifactDirTest() {
    std::string pattern = ::testing::TempDir() + "/artifactsXXXXXX";
    root_ = mkdtemp(pattern.data());
    request_ = ParseWith("--concurrency 4", FakeInputs()).value();
  }
  ~ArtifactDirTest() override { std::filesystem::remove_all(root_); }

  void Touch(const std::string& path) { std::ofstream(path) << "x"; }

  std::string root_;
  ProfileRequest request_;
};

TEST_F(ArtifactDirTest, RefusesResultsOfAnEarlierRunUnlessToldTo) {
  Touch(root_ + "/profile_export_aiperf.json");
  request_.artifact_dir = root_;
  EXPECT_THAT(std::string(ResolveArtifactDir("artifacts", &request_).message()),
              HasSubstr("contains the results of an earlier run"));
  request_.overwrite = true;
  EXPECT_TRUE(ResolveArtifactDir("artifacts", &request_).ok());
  EXPECT_EQ(request_.artifact_dir, root_);
}

TEST_F(ArtifactDirTest, RefusesTheFolderOfARunThatIsUnderWay) {
  Touch(root_ + "/run.json");
  request_.artifact_dir = root_;
  request_.overwrite = true;
  const auto run = FolderLock::Take(root_);
  ASSERT_TRUE(run.ok());
  EXPECT_THAT(std::string(ResolveArtifactDir("artifacts", &request_).message()),
              HasSubstr("--artifact-dir " + root_ + " is in use by another drumfire"));
}

TEST_F(ArtifactDirTest, RefusesAFileInPlaceOfAFolder) {
  Touch(root_ + "/file");
  for (const char* below : {"/file", "/file/deeper/still"}) {
    request_.artifact_dir = root_ + below;
    EXPECT_THAT(std::string(ResolveArtifactDir("artifacts", &request_).message()),
                HasSubstr("is not one"));
  }
}

TEST_F(ArtifactDirTest, RefusesWhatCannotBeWritten) {
  request_.artifact_dir = "/proc/drumfire/results";
  EXPECT_THAT(std::string(ResolveArtifactDir("artifacts", &request_).message()),
              HasSubstr("but \"/proc\" is not writable"));
}

TEST_F(ArtifactDirTest, TakesAFolderWithOtherFilesAndCreatesNothing) {
  Touch(root_ + "/notes.txt");
  request_.artifact_dir = root_ + "/new/folder";
  EXPECT_TRUE(ResolveArtifactDir("artifacts", &request_).ok());
  EXPECT_FALSE(std::filesystem::exists(root_ + "/new"));
  request_.artifact_dir = root_;
  EXPECT_TRUE(ResolveArtifactDir("artifacts", &request_).ok());
}

TEST_F(ArtifactDirTest, CountsUpWhenTheNameIsTaken) {
  const std::string name = root_ + "/m-openai-chat-concurrency4";
  for (const std::string& expected : {name, name + "-2", name + "-3"}) {
    request_.artifact_dir.clear();
    ASSERT_TRUE(ResolveArtifactDir(root_, &request_).ok());
    EXPECT_EQ(request_.artifact_dir, expected);
    std::filesystem::create_directory(expected);
  }
}

TEST(ArtifactFolderNameTest, IsAiperfs) {
  const auto name = [](const char* flags) {
    return ArtifactFolderName(
        ParseProfile(Words(absl::StrCat("--tokenizer builtin ", flags)), MachineWithFiles())->plan);
  };
  EXPECT_EQ(
      name("-m Qwen/Qwen3-0.6B --endpoint-type completions --concurrency 32 --request-rate 20"),
      "Qwen_Qwen3-0.6B-openai-completions-concurrency32-request_rate20.0");
  EXPECT_EQ(name("-m m --request-rate 0.25"), "m-openai-chat-request_rate0.25");
  EXPECT_EQ(name("-m m --input-file trace.jsonl --fixed-schedule"), "m-openai-chat-fixed_schedule");
  EXPECT_EQ(name("-m ../../etc --endpoint-type embeddings"),
            "_._.._etc-openai-embeddings-concurrency1");
}

}  // namespace
}  // namespace drumfire
