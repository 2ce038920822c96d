// Does one holder keep all others out, and only as long as it lives?
#include "coordinator/run/folder_lock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "common/files/temporary_folder.h"

namespace drumfire {
namespace {

using ::testing::HasSubstr;

TEST(FolderLock, KeepsOthersOutUntilItGoes) {
  const testutil::TemporaryFolder folder;
  std::optional<FolderLock> first = *FolderLock::Take(folder.File(""));
  const absl::Status second = FolderLock::Take(folder.File("")).status();
  EXPECT_EQ(second.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(second.message(), HasSubstr(folder.File("") + " is in use by another drumfire"));
  FolderLock moved = *std::move(first);
  first.reset();
  EXPECT_FALSE(FolderLock::Take(folder.File("")).ok());
  { const FolderLock gone = std::move(moved); }
  EXPECT_TRUE(FolderLock::Take(folder.File("")).ok());
}

TEST(FolderLock, AFolderThatIsNoneIsNamed) {
  EXPECT_THAT(FolderLock::Take("/no/such/folder").status().message(),
              HasSubstr("cannot open /no/such/folder: No such file"));
}

}  // namespace
}  // namespace drumfire
