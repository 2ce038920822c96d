// The flags of the commands that query a fleet: `drumfire fleet check` and `status`.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/credentials/fleet_credentials.h"
#include "coordinator/cli/profile_inputs.h"
#include "coordinator/fleet/worker_list.h"

namespace drumfire {

constexpr char kFleetFlagsUsage[] =
    "--workers LIST [--worker-count N] [--timeout S] [--tls-cert F --tls-key F --tls-ca F] "
    "[--fleet-token-file F]";

struct FleetQuestion {
  WorkerList list;
  uint32_t worker_count = 0;
  absl::Duration timeout;
  FleetCredentials credentials;
};

// arguments: without the command's name. Checks only the form; resolves no names. InvalidArgument
// is one line that begins with the flag, or with "fleet <command>: ".
absl::StatusOr<FleetQuestion> ParseFleetFlags(const std::string& command,
                                              const std::vector<std::string>& arguments,
                                              const ProfileInputs& inputs);

}  // namespace drumfire
