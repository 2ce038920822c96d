// The command front ends: from arguments to an exit code. What they do is handed in, so that they
// are tested without a fleet.
#pragma once

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "coordinator/cli/profile_inputs.h"
#include "coordinator/run/profile_request.h"

namespace drumfire {

// Exit codes of the program.
constexpr int kExitValid = 0;
constexpr int kExitFailed = 1;
constexpr int kExitBadInput = 2;
constexpr int kExitInvalid = 3;
constexpr int kExitGoalMissed = 4;

// `drumfire report FOLDER [--records]`.
struct ReportRequest {
  std::string folder;
  bool records = false;  // write profile_export.jsonl whatever its size
};

// What the commands call. Each gives an exit code.
struct Actions {
  std::function<int(const ProfileRequest&)> run_profile;
  std::function<int(const ReportRequest&)> write_report;
};

// Where results of runs without --artifact-dir go, below the working folder.
constexpr char kArtifactRoot[] = "artifacts";

// arguments: without the program's name. Bad input: one line "drumfire: --flag: found X, expected
// Y" on err, kExitBadInput, and nothing is started or written.
int RunCommand(const std::vector<std::string>& arguments, const ProfileInputs& inputs,
               const Actions& actions, std::ostream& out, std::ostream& err);

}  // namespace drumfire
