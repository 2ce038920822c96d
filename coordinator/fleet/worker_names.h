// The services of the host that resolving a worker list needs: name look-up, environment, random
// pauses.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "coordinator/fleet/host_lookup.h"

namespace drumfire {

// An interface, so that tests can step it.
class WorkerNames {
 public:
  virtual ~WorkerNames() = default;
  // IP addresses of the name in any order, v6 without brackets; an error message if there are none,
  // or no answer within patience.
  virtual absl::StatusOr<std::vector<std::string>> AddressesOf(const std::string& name,
                                                               absl::Duration patience) = 0;
  // An environment variable.
  virtual std::optional<std::string> Variable(const std::string& name) const = 0;
  virtual void Sleep(absl::Duration time) = 0;
  // From 0 to 1.
  virtual double Draw() = 0;
};

// The real implementation: look_up, getenv.
std::unique_ptr<WorkerNames> SystemWorkerNames(HostLookup look_up = SystemLookup);

}  // namespace drumfire
