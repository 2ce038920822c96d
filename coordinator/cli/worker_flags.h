// The flags that select workers, for all commands that contact them.
#pragma once

#include <cstdint>

#include "coordinator/cli/flag_reader.h"
#include "coordinator/cli/profile_inputs.h"
#include "coordinator/fleet/worker_list.h"

namespace drumfire {

// --workers, including its files; resolves no names yet. Empty if it was not given.
WorkerList ReadWorkerFlags(FlagReader* flags, const ProfileInputs& inputs);
// --worker-count; 0 if it was not given.
uint32_t ReadWorkerCount(FlagReader* flags);

// Whether only processes on this host can reach the source's workers.
bool IsLocal(const WorkerSource& source);

}  // namespace drumfire
