// Why can a worker not be reached, though something listens at its address? gRPC only tries again
// and does not say, so this dials once by itself, as gRPC would, and reads what comes back.
#pragma once

#include <string>

#include "absl/time/time.h"
#include "common/credentials/fleet_credentials.h"
#include "coordinator/fleet/host_lookup.h"
#include "coordinator/fleet/worker_address.h"

namespace drumfire {

// address: of a TCP socket. Empty when nothing is wrong, or nobody answers (yet): then trying again
// may help. Else the cause in words that follow "worker A: "; trying again is of no use. patience
// is for each step (look-up, connect, handshake, answer). Blocks for kMostPatiences times patience
// at most, whatever hangs: the work is done on a thread of its own. Any thread but gRPC's.
std::string ProbeWorker(const WorkerAddress& address, const FleetCredentials& credentials,
                        absl::Duration patience, const HostLookup& look_up = SystemLookup);

constexpr int kMostPatiences = 3;

}  // namespace drumfire
