// What is left behind of a run whose journal cannot be begun?
#include "coordinator/run/run_records.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace drumfire {
namespace {

TEST(RunRecordsTest, AJournalWithoutAHeaderDoesNotStay) {
  std::string folder = testing::TempDir() + "run-records-XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  v1::RunManifest manifest;
  manifest.set_run_id("0123456789abcdef");
  const auto records = RunRecords::Create(folder, "no plan hash", manifest, *MakeLinkKeys());
  EXPECT_FALSE(records.ok());
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace drumfire
