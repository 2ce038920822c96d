// Is a file that is there left alone, and a new one whole and as private as asked?
#include "common/files/new_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>

#include "common/files/read_file.h"

namespace drumfire {
namespace {

class NewFileTest : public ::testing::Test {
 protected:
  NewFileTest() {
    std::string name = (std::filesystem::temp_directory_path() / "drumfire-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    path_ = folder_ + "/file";
  }
  ~NewFileTest() override { std::filesystem::remove_all(folder_); }

  std::string folder_, path_;
};

TEST_F(NewFileTest, LeavesAnExistingFileAlone) {
  ASSERT_TRUE(WriteNewFile(path_, "first", 0600).ok());
  EXPECT_EQ(WriteNewFile(path_, "second", 0600).code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(*ReadSmallFile(path_, 100), "first");
}

TEST_F(NewFileTest, NamesTheFolderThatIsNotThere) {
  const absl::Status written = WriteNewFile("/nowhere/x", "", 0600);
  EXPECT_EQ(written.message(), "/nowhere/x (No such file or directory)");
}

TEST_F(NewFileTest, HasThePermissionsAskedForWhateverTheMask) {
  const mode_t before = umask(0077);
  ASSERT_TRUE(WriteNewFile(path_, "open", 0644).ok());
  umask(0);
  ASSERT_TRUE(WriteNewFile(path_ + "2", "secret", 0600).ok());
  umask(before);
  struct stat facts {};
  ASSERT_EQ(stat(path_.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0644u);
  ASSERT_EQ(stat((path_ + "2").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
}

TEST_F(NewFileTest, ReplacesAllOrNone) {
  ASSERT_TRUE(WriteNewFile(path_, "old", 0644).ok());
  EXPECT_FALSE(ReplaceFiles({{path_, "new", 0600}, {"/nowhere/x", "new", 0600}}).ok());
  EXPECT_EQ(*ReadSmallFile(path_, 100), "old");
  ASSERT_TRUE(ReplaceFiles({{path_, "new", 0600}, {path_ + "2", "new", 0600}}).ok());
  EXPECT_EQ(*ReadSmallFile(path_, 100), "new");
  struct stat facts {};
  ASSERT_EQ(stat(path_.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
  const std::filesystem::directory_iterator files(folder_);
  EXPECT_EQ(std::distance(begin(files), end(files)), 2);
}

}  // namespace
}  // namespace drumfire
