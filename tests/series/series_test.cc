// Can one fleet take one plan after the other, and does a stop between two runs end the series?
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "common/clock/clock.h"
#include "coordinator/cli/disk_inputs.h"
#include "coordinator/cli/parse_profile.h"
#include "coordinator/run/fake_keeper.h"
#include "coordinator/run/run_profile.h"
#include "tools/mock_server/server.h"

namespace drumfire {
namespace {

class SeriesTest : public ::testing::Test {
 protected:
  SeriesTest() {
    setenv("PATH", DRUMFIRE_BIN, /*overwrite=*/1);
    mock::MockOptions options;
    options.port = 0;
    server_ = *mock::Server::Create(options, &SystemClock());
    serving_ = std::thread([this] { server_->Run().IgnoreError(); });
    std::string name = (std::filesystem::temp_directory_path() / "series-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~SeriesTest() override {
    server_->Stop();
    serving_.join();
    std::filesystem::remove_all(folder_);
  }

  ProfileRequest Request(int run, int requests) const {
    const std::vector<std::string> arguments = {
        "--url",           server_->Url(),
        "--model",         "m",
        "--tokenizer",     "builtin",
        "--isl",           "10",
        "--osl",           "2",
        "--random-seed",   "7",
        "--concurrency",   "2",
        "--request-count", std::to_string(requests),
        "--local-workers", "2",
        "--artifact-dir",  folder_ + "/" + std::to_string(run)};
    auto request = ParseProfile(arguments, DiskInputs());
    EXPECT_TRUE(request.ok()) << request.status();
    return *std::move(request);
  }

  absl::StatusOr<FoundWorkers> StartWorkers() {
    return FindWorkers(
        Request(0, 1), [] { return false; }, STDERR_FILENO, LocalFleet::Serves::kManyRuns,
        SystemClock());
  }

  RunContext ContextOf(const FoundWorkers& workers) {
    return {.stop = &stops_, .listener = &nobody_, .workers = &workers};
  }

  std::unique_ptr<mock::Server> server_;
  std::thread serving_;
  std::string folder_;
  FakeStops stops_;
  RunListener nobody_;
};

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
