// The flags that say which workers there are, for every command that talks to them.
#pragma once

#include <cstdint>

#include "coordinator/cli/flag_reader.h"
#include "coordinator/cli/profile_inputs.h"
#include "coordinator/fleet/worker_list.h"

namespace drumfire {

// --workers with the files it names; no name is asked for yet. Empty when it was not given.
WorkerList ReadWorkerFlags(FlagReader* flags, const ProfileInputs& inputs);
// --worker-count; 0 when it was not given.
uint32_t ReadWorkerCount(FlagReader* flags);

// True when only processes of this host can reach the source's workers.
bool IsLocal(const WorkerSource& source);

}  // namespace drumfire
