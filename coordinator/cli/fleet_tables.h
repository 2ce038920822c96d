// The output of `drumfire fleet check` and `status`, at most 80 columns wide. All texts from
// workers are made printable.
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "coordinator/fleet/status_client.h"

namespace drumfire {

// A row per worker: version, clock and limits; below it the expiry of its certificate and its
// owner.
std::string CheckTable(const std::vector<WorkerStatus>& workers, absl::Time now);
// A row per worker: its owner.
std::string OwnerTable(const std::vector<WorkerStatus>& workers);
// "2 of 3 idle; version 0.1.0; ...", over the reached workers; empty if there are none.
std::string StateLine(const std::vector<WorkerStatus>& workers);
// "worker A: <cause>", one line per worker whose query failed.
std::vector<std::string> FaultLines(const std::vector<WorkerStatus>& workers);

}  // namespace drumfire
