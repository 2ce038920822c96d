// A worker list -> the workers of now: names are asked for, a Slurm job's nodes are written out.
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
  // How many workers there must be; 0 = as many as there are.
  uint32_t worker_count = 0;
  // How long names may take to give so many. Look-ups that hang end a second later.
  absl::Duration patience;
  // Asked before each further look; true gives it up (CANCELLED).
  std::function<bool()> stop = [] { return false; };
};

// In the list's order, the addresses of a name sorted. Names are asked again, with growing and
// jittered pauses, until there are worker_count workers. InvalidArgument is one line that begins
// with "--workers: ": a name without addresses, no Slurm job, another number of workers, a worker
// twice, too many.
absl::StatusOr<std::vector<WorkerAddress>> ResolveWorkers(const WorkerList& list,
                                                          const ResolveOptions& options,
                                                          WorkerNames* names, const Clock& clock);

}  // namespace drumfire
