// Asks workers what they are and whose, without disturbing a run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/credentials/fleet_credentials.h"
#include "coordinator/fleet/clock_reading.h"
#include "coordinator/fleet/worker_address.h"
#include "drumfire/v1/control.pb.h"

namespace drumfire {

struct WorkerStatus {
  WorkerAddress address;
  // Why it could not be asked, in printable words that follow "worker A: "; empty = it answered.
  std::string fault;
  v1::StatusReply reply;  // the last; its texts are as the worker gave them
  // Of the question with the shortest round trip; nothing for workers that do not tell their clock.
  std::optional<ClockReading> wall_clock;
  int64_t round_trip_ns = 0;  // the shortest
  // Of the certificate that it showed; nothing without TLS.
  std::optional<absl::Time> certificate_end;
};

struct StatusOptions {
  // Questions to each worker, one after the other: the shortest bounds the clock.
  uint32_t rounds = 8;
  // For all of them.
  absl::Duration timeout = absl::Seconds(5);
};

// Asks all at once; in the order of the workers. Blocks for the timeout, and as long again for the
// causes of what failed, at most. A host that refuses the connection is not tried again.
std::vector<WorkerStatus> AskWorkers(const std::vector<WorkerAddress>& workers,
                                     const FleetCredentials& credentials,
                                     const StatusOptions& options);

}  // namespace drumfire
