// Resolves a worker list to the current workers: looks up names and expands a Slurm job's nodes.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/clock/clock.h"
#include "coordinator/fleet/worker_address.h"
#include "coordinator/fleet/worker_list.h"
#include "coordinator/fleet/worker_names.h"

namespace drumfire {

struct ResolveOptions {
  // Required number of workers; 0 = any.
  uint32_t worker_count = 0;
  // How long to wait for that number. Look-ups that hang are abandoned a second later.
  absl::Duration patience;
  // Polled before each further look-up; true aborts (CANCELLED).
  std::function<bool()> stop = [] { return false; };
};

// In the list's order, with a name's addresses sorted. Names are looked up again, with growing and
// jittered pauses, until there are worker_count workers. InvalidArgument is one line that begins
// with "--workers: ": a name without addresses, no Slurm job, a wrong number of workers, a
// duplicate worker, too many workers.
absl::StatusOr<std::vector<WorkerAddress>> ResolveWorkers(const WorkerList& list,
                                                          const ResolveOptions& options,
                                                          WorkerNames* names, const Clock& clock);

}  // namespace drumfire
