// Why can a worker not be reached, though something listens at its address? gRPC only tries again
// and does not say, so this dials once by itself, as gRPC would, and reads what comes back.
#pragma once

#include <string>

#include "absl/time/time.h"
#include "common/credentials/fleet_credentials.h"
#include "coordinator/fleet/worker_address.h"

namespace drumfire {

// address: of a TCP socket. Empty when nothing is wrong, or nobody answers (yet): then trying again
// may help. Else the cause in words that follow "worker A: "; trying again is of no use. Blocks for
// a few times patience at most. Any thread.
std::string ProbeWorker(const WorkerAddress& address, const FleetCredentials& credentials,
                        absl::Duration patience);

}  // namespace drumfire
