// The workers of one run or of many: those of a list, as they are now, or processes started for
// them. They outlive the streams of any one run.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "common/clock/clock.h"
#include "common/host/host_paths.h"
#include "coordinator/fleet/local_fleet.h"
#include "coordinator/fleet/worker_address.h"
#include "coordinator/run/profile_request.h"

namespace drumfire {

struct FoundWorkers {
  std::vector<WorkerAddress> workers;
  std::unique_ptr<LocalFleet> local;  // null when the list gave them
};

// How many to start when none are named: one per two cores that this process may use, at least 1.
uint32_t DefaultLocalWorkers(const HostPaths& paths = {});

// stop: asked while names are waited for; true gives up. log: descriptor that becomes the standard
// error of processes that are started; serves: how many runs those take. Errors are lines for the
// user.
absl::StatusOr<FoundWorkers> FindWorkers(const ProfileRequest& request,
                                         const std::function<bool()>& stop, int log,
                                         LocalFleet::Serves serves, const Clock& clock);

}  // namespace drumfire
