// What is left behind of a run whose journal cannot be begun?
#include "coordinator/run/run_records.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "common/loop/loop_thread.h"

namespace drumfire {
namespace {

TEST(RunRecordsTest, AJournalWithoutAHeaderDoesNotStay) {
  std::string folder = testing::TempDir() + "run-records-XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  v1::RunManifest manifest;
  manifest.set_run_id("0123456789abcdef");
  LoopThreads threads(SystemClock());
  const auto records = OpenRunRecords(folder, "no plan hash", manifest, *MakeLinkKeys(), &threads);
  EXPECT_FALSE(records.ok());
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace drumfire
