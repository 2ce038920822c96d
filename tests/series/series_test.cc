// Can one fleet take one plan after the other, and does a stop between two runs end the series?
#include <gmock/gmock.h>
#include <signal.h>

#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "common/plan/version.h"
#include "tests/series/series_fixture.h"

namespace drumfire {
namespace {

TEST_F(SeriesTest, TwoPlansRunInARowOnTheSameLocalWorkers) {
  const auto workers = StartWorkers();
  ASSERT_TRUE(workers.ok()) << workers.status();
  const std::vector<pid_t> pids = workers->local->pids();
  for (int run = 1; run <= 2; ++run) {
    const auto report = RunProfile(Request(run, 10 * run), ContextOf(*workers));
    ASSERT_TRUE(report.ok()) << "run " << run << ": " << report.status();
    EXPECT_EQ(report->result.profiling.accounts.credits.completed, 10u * run);
    EXPECT_TRUE(report->result.profiling.accounts.problems.empty());
    EXPECT_TRUE(report->written.ok());
  }
  for (const pid_t pid : pids) EXPECT_EQ(kill(pid, 0), 0) << "a worker left between the runs";
}

TEST_F(SeriesTest, AReportOfAnotherProtocolIsRefused) {
  const auto workers = StartWorkers();
  ASSERT_TRUE(workers.ok()) << workers.status();
  ASSERT_TRUE(RunProfile(Request(1, 2), ContextOf(*workers)).ok());
  const ReportRequest request = {.folder = folder_ + "/1"};
  ASSERT_TRUE(RebuildReport(request, &nobody_).ok());
  const std::string path = request.folder + "/run.json";
  std::ifstream file(path);
  std::string manifest((std::istreambuf_iterator<char>(file)), {});
  const size_t number = manifest.find_first_of("0123456789", manifest.find("rotocol"));
  ASSERT_EQ(manifest[number] - '0', static_cast<int>(kProtocolVersion)) << manifest;
  manifest[number] = '2';
  std::ofstream(path) << manifest;
  EXPECT_THAT(std::string(RebuildReport(request, &nobody_).status().message()),
              ::testing::HasSubstr(absl::StrCat("with protocol 2, but this version reads protocol ",
                                                kProtocolVersion)));
}

TEST_F(SeriesTest, AStopBetweenTwoRunsEndsTheSeriesAndNoWorkerIsLeftBehind) {
  std::vector<pid_t> pids;
  int runs = 0;
  {
    const auto workers = StartWorkers();
    ASSERT_TRUE(workers.ok()) << workers.status();
    pids = workers->local->pids();
    for (int run = 1; run <= 3 && stops_.count() == 0; ++run) {
      ASSERT_TRUE(RunProfile(Request(run, 4), ContextOf(*workers)).ok());
      ++runs;
      stops_.stops = 1;
    }
  }
  EXPECT_EQ(runs, 1);
  for (const pid_t pid : pids) EXPECT_NE(kill(pid, 0), 0);
}

}  // namespace
}  // namespace drumfire
