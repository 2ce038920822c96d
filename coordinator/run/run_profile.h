// The commands' work: one run from request to result, and a report made again from a run's folder.
// Nothing here writes to a terminal: what there is to say goes to the listener, and the result to
// the caller.
//
// A series of runs on the same workers:
//
//   auto workers = FindWorkers(first, stop_asked, log, LocalFleet::Serves::kManyRuns, clock);
//   RunContext context{.stop = &stop, .listener = &terminal, .workers = &*workers};
//   for (const ProfileRequest& request : series) {
//     if (stop.count() > 0) break;
//     auto report = RunProfile(request, context);
//   }
#pragma once

#include <unistd.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "coordinator/export/screen.h"
#include "coordinator/results/run_result.h"
#include "coordinator/run/find_workers.h"
#include "coordinator/run/profile_request.h"
#include "coordinator/run/run_listener.h"
#include "coordinator/run/stop_requests.h"

namespace drumfire {

// What a run needs of the program around it. Nothing is owned; all must outlive the run.
struct RunContext {
  const StopRequests* stop = nullptr;
  RunListener* listener = nullptr;
  // Descriptor that becomes the standard error of local workers.
  int worker_log = STDERR_FILENO;
  // Workers that outlive the run; null = they are found or started for this run alone.
  const FoundWorkers* workers = nullptr;
};

struct RunReport {
  RunResult result;
  ScreenFiles files;  // empty = none were written
  // Whether all files could be written; the result can be shown all the same.
  absl::Status written;
};

// Runs the phases over the fleet, writes journal and exports. An error means that nothing was
// measured: INVALID_ARGUMENT (bad input: a target or worker that cannot be reached, limits, a
// folder) before the first request, anything else later.
absl::StatusOr<RunReport> RunProfile(const ProfileRequest& request, const RunContext& context);

struct ReportRequest {
  std::string folder;
  bool records = false;      // the per-request file, too, whatever their number
  bool full_tables = false;  // print AIPerf's tables instead of one screen
};

// Rebuilds every export of the run in the folder from its journal.
absl::StatusOr<RunReport> RebuildReport(const ReportRequest& request, RunListener* listener);

}  // namespace drumfire
