// Finds out why a worker cannot be reached although something listens at its address. gRPC only
// retries without giving a reason, so the probe dials once, as gRPC would, and reads the answer.
#pragma once

#include <string>

#include "absl/time/time.h"
#include "common/credentials/fleet_credentials.h"
#include "coordinator/fleet/host_lookup.h"
#include "coordinator/fleet/worker_address.h"

namespace drumfire {

// address: of a TCP socket. Returns an empty string if nothing is wrong or nothing answers (yet),
// so that retrying may help. Otherwise returns the cause, to follow "worker A: "; retrying is
// useless. patience applies to each step (look-up, connect, handshake, answer). Blocks for at most
// kMostPatiences times patience, since the work is done on a separate thread. Any thread but
// gRPC's.
std::string ProbeWorker(const WorkerAddress& address, const FleetCredentials& credentials,
                        absl::Duration patience, const HostLookup& look_up = SystemLookup);

constexpr int kMostPatiences = 3;

}  // namespace drumfire
