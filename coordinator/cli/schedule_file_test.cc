// Is a schedule file always complete or absent?
#include "coordinator/cli/schedule_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace drumfire {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class ScheduleFileTest : public ::testing::Test {
 protected:
  ScheduleFileTest() {
    std::string pattern = ::testing::TempDir() + "/scheduleXXXXXX";
    folder_ = mkdtemp(pattern.data());
  }
  ~ScheduleFileTest() override { std::filesystem::remove_all(folder_); }

  std::string folder_;
};

TEST_F(ScheduleFileTest, NamesAPathThatCannotBeWritten) {
  for (const std::string& path : {folder_ + "/none/file", folder_}) {
    EXPECT_THAT(std::string(ScheduleFile::Create(path).status().message()),
                AllOf(StartsWith("--schedule-out cannot be written: "), HasSubstr(path)));
  }
}

TEST_F(ScheduleFileTest, ReportsAFullDisk) {
  const auto file = ScheduleFile::Create("/dev/full");
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_TRUE((*file)->Write("line\n").ok());
  EXPECT_THAT(std::string((*file)->Finish().message()), HasSubstr("No space left on device"));
}

TEST_F(ScheduleFileTest, LeavesNothingWhenItIsNotFinished) {
  {
    const auto file = ScheduleFile::Create(folder_ + "/schedule");
    ASSERT_TRUE(file.ok());
    EXPECT_TRUE((*file)->Write("line\n").ok());
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(ScheduleFileTest, ReplacesAnEarlierFileWhenFinished) {
  const std::string path = folder_ + "/schedule";
  std::ofstream(path) << "earlier";
  const auto file = ScheduleFile::Create(path);
  ASSERT_TRUE(file.ok());
  EXPECT_TRUE((*file)->Write("a\n").ok());
  EXPECT_TRUE((*file)->Write("b\n").ok());
  EXPECT_TRUE((*file)->Finish().ok());
  std::string text;
  std::getline(std::ifstream(path), text, '\0');
  EXPECT_EQ(text, "a\nb\n");
}

}  // namespace
}  // namespace drumfire
