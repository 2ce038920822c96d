// What `drumfire fleet check` and `status` print, at most 80 columns wide. All texts of workers are
// made printable.
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "coordinator/fleet/status_client.h"

namespace drumfire {

// A row per worker: what it is, its clock, its limits; the end of its certificate and its owner
// under it.
std::string CheckTable(const std::vector<WorkerStatus>& workers, absl::Time now);
// A row per worker: whose it is.
std::string OwnerTable(const std::vector<WorkerStatus>& workers);
// "2 of 3 idle; version 0.1.0; ...", over those that were reached; empty when none was.
std::string StateLine(const std::vector<WorkerStatus>& workers);
// "worker A: why it could not be asked", one per worker that could not.
std::vector<std::string> FaultLines(const std::vector<WorkerStatus>& workers);

}  // namespace drumfire
