// Real local workers and a mock server, for runs made from a plan in the test.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
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

// Where the build puts the programs: bin/ beside tests/series/ of this program.
inline std::string ProgramFolder() {
  const auto self = std::filesystem::read_symlink("/proc/self/exe");
  return (self.parent_path() / "../../bin").lexically_normal().string();
}

class SeriesTest : public ::testing::Test {
 protected:
  SeriesTest() {
    setenv("PATH", ProgramFolder().c_str(), /*overwrite=*/1);
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

}  // namespace drumfire
