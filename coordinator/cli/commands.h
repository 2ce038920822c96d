// The command front ends: from arguments to an exit code. What they do is handed in, so that they
// are tested without a fleet.
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

// Exit codes when there is no result; ExitCodeOf (coordinator/results) says those of runs.
constexpr int kExitOk = 0;
constexpr int kExitFailed = 1;
constexpr int kExitBadInput = 2;

// What the commands call. Each gives an exit code, or why there is no result: INVALID_ARGUMENT is
// bad input, anything else a failed run.
struct Actions {
  std::function<absl::StatusOr<int>(const ProfileRequest&)> run_profile;
  std::function<absl::StatusOr<int>(const ReportRequest&)> write_report;
};

// Where results of runs without --artifact-dir go, below the working folder.
constexpr char kArtifactRoot[] = "artifacts";

// arguments: without the program's name. Bad input: one line "drumfire: --flag: found X, expected
// Y" on err, kExitBadInput, and nothing is started or written.
int RunCommand(const std::vector<std::string>& arguments, const ProfileInputs& inputs,
               const Actions& actions, std::ostream& out, std::ostream& err);

}  // namespace drumfire
