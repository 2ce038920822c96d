// The commands' work: one run from request to exit code, and a report made again from a run's
// folder.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "coordinator/results/run_result.h"
#include "coordinator/run/profile_request.h"

namespace drumfire {

// Runs the phases over the fleet, shows progress on standard error, writes journal and exports. An
// error means that nothing was measured: INVALID_ARGUMENT (bad input: a target or worker that
// cannot be reached, limits, a folder) before the first request, anything else later.
absl::StatusOr<RunResult> RunProfile(const ProfileRequest& request);

struct ReportRequest {
  std::string folder;
  bool records = false;      // the per-request file, too, whatever their number
  bool full_tables = false;  // print AIPerf's tables instead of one screen
};

// Rebuilds every export of the run in the folder from its journal.
absl::StatusOr<RunResult> RebuildReport(const ReportRequest& request);

}  // namespace drumfire
