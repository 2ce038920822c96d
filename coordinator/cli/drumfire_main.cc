// drumfire: the coordinator's program. Exit codes: 0 valid (or suspect), 1 failed or cut short, 2
// bad input, 3 INVALID, 4 a
// --fail-if goal was missed.
#include <signal.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "coordinator/cli/argument_scrub.h"
#include "coordinator/cli/commands.h"
#include "coordinator/cli/disk_inputs.h"
#include "coordinator/run/run_profile.h"
#include "glog/logging.h"

namespace drumfire {
namespace {

absl::StatusOr<int> ExitCode(const absl::StatusOr<RunResult>& result) {
  if (!result.ok()) return result.status();
  return ExitCodeOf(*result);
}

int Main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  ScrubArguments({argv + 1, static_cast<size_t>(argc) - 1});
  google::InitGoogleLogging(argv[0]);
  FLAGS_logtostderr = true;
  // What gRPC finds wrong with a worker is said by us, in one line.
  setenv("GRPC_VERBOSITY", "NONE", /*overwrite=*/0);
  signal(SIGPIPE, SIG_IGN);
  Actions actions;
  actions.run_profile = [](const ProfileRequest& request) { return ExitCode(RunProfile(request)); };
  actions.write_report = [](const ReportRequest& request) {
    return ExitCode(RebuildReport(request));
  };
  return RunCommand(arguments, DiskInputs(), actions, std::cout, std::cerr);
}

}  // namespace
}  // namespace drumfire

int main(int argc, char** argv) { return drumfire::Main(argc, argv); }
