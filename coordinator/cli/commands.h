// The commands' front ends: from arguments to an exit code. Their actions are parameters, so that
// they can be tested without a fleet.
#pragma once

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coordinator/cli/profile_inputs.h"
#include "coordinator/run/profile_request.h"
#include "coordinator/run/run_profile.h"

namespace drumfire {

// Exit codes without a result; ExitCodeOf (coordinator/results) defines those of runs.
constexpr int kExitOk = 0;
constexpr int kExitFailed = 1;
constexpr int kExitBadInput = 2;

// The commands' actions. Each returns an exit code, or the reason why there is no result:
// INVALID_ARGUMENT is bad input, anything else a failed run.
struct Actions {
  std::function<absl::StatusOr<int>(const ProfileRequest&)> run_profile;
  std::function<absl::StatusOr<int>(const ReportRequest&)> write_report;
};

// Directory for results of runs without --artifact-dir, below the working directory.
constexpr char kArtifactRoot[] = "artifacts";

// arguments: without the program's name. Bad input: one line "drumfire: <error>" on err and
// kExitBadInput; nothing is started or written.
int RunCommand(const std::vector<std::string>& arguments, const ProfileInputs& inputs,
               const Actions& actions, std::ostream& out, std::ostream& err);

}  // namespace drumfire
