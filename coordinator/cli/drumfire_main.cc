// The program `drumfire`, the coordinator. Exit codes:
//
//     0  valid or suspect
//     1  failed or cut short
//     2  bad input
//     3  INVALID
//     4  missed a goal of --fail-if
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "coordinator/cli/argument_scrub.h"
#include "coordinator/cli/commands.h"
#include "coordinator/cli/disk_inputs.h"
#include "coordinator/cli/terminal.h"
#include "coordinator/run/run_profile.h"
#include "glog/logging.h"

namespace drumfire {
namespace {

// Prints the result, also when its files could not be written.
absl::StatusOr<int> Show(const absl::StatusOr<RunReport>& report, bool full_tables) {
  if (!report.ok()) return report.status();
  std::cout << ResultText(*report, full_tables) << std::flush;
  if (!report->written.ok()) return report->written;
  return ExitCodeOf(report->result);
}

absl::StatusOr<int> Profile(const ProfileRequest& request) {
  const SignalStopRequests stop;
  Terminal terminal(request.ui);
  const RunContext context{
      .stop = &stop, .listener = &terminal, .worker_log = terminal.worker_log()};
  return Show(RunProfile(request, context), request.ui == UiMode::kFull);
}

absl::StatusOr<int> Report(const ReportRequest& request) {
  Terminal terminal(UiMode::kNone);
  return Show(RebuildReport(request, &terminal), request.full_tables);
}

// A file of ours must not get the number of a closed standard output, and then what is meant for
// that.
void OpenStandardDescriptors() {
  int descriptor = 0;
  do {
    descriptor = open("/dev/null", O_RDWR);
  } while (descriptor >= 0 && descriptor <= STDERR_FILENO);
  if (descriptor > STDERR_FILENO) close(descriptor);
}

int Main(int argc, char** argv) {
  OpenStandardDescriptors();
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  ScrubArguments({argv + 1, static_cast<size_t>(argc) - 1});
  google::InitGoogleLogging(argv[0]);
  FLAGS_logtostderr = true;
  // What gRPC finds wrong with a worker is said by us, in one line.
  setenv("GRPC_VERBOSITY", "NONE", /*overwrite=*/0);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);  // the write fails, and says why
  Actions actions;
  actions.run_profile = Profile;
  actions.write_report = Report;
  return RunCommand(arguments, DiskInputs(), actions, std::cout, std::cerr);
}

}  // namespace
}  // namespace drumfire

int main(int argc, char** argv) { return drumfire::Main(argc, argv); }
