// Queries the state and owner of workers, without disturbing a run.
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
  // Why the query failed, printable, to follow "worker A: "; empty = it succeeded.
  std::string fault;
  v1::StatusReply reply;  // the last; its texts are unchecked
  // From the fastest query; nothing for workers that do not report their clock.
  std::optional<ClockReading> wall_clock;
  int64_t round_trip_ns = 0;  // the shortest
  // Expiry of its certificate; nothing without TLS.
  std::optional<absl::Time> certificate_end;
};

struct StatusOptions {
  // Queries per worker, one after the other; the fastest bounds the clock.
  uint32_t rounds = 8;
  // For all queries.
  absl::Duration timeout = absl::Seconds(5);
};

// Queries all workers at once; results are in their order. Blocks for at most the timeout, plus as
// long again to find the causes of failures. A host that refuses the connection is not retried.
std::vector<WorkerStatus> AskWorkers(const std::vector<WorkerAddress>& workers,
                                     const FleetCredentials& credentials,
                                     const StatusOptions& options);

}  // namespace drumfire
