// What `drumfire fleet check` and `status` print. All texts of workers are made printable.
#pragma once

#include <string>
#include <vector>

#include "coordinator/fleet/status_client.h"

namespace drumfire {

// A row a worker: what it is, its clock, its limits, its owner.
std::string CheckTable(const std::vector<WorkerStatus>& workers);
// A row a worker: whose it is.
std::string OwnerTable(const std::vector<WorkerStatus>& workers);
// "worker A: why it could not be asked", one a worker that could not.
std::vector<std::string> FaultLines(const std::vector<WorkerStatus>& workers);

}  // namespace drumfire
