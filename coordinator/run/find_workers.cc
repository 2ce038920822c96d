#include "coordinator/run/find_workers.h"

#include <algorithm>
#include <cmath>
#include <thread>
#include <utility>

#include "common/host/allowed_cores.h"
#include "common/status/status_macros.h"
#include "coordinator/fleet/worker_resolver.h"

namespace drumfire {
namespace {

constexpr double kCoresPerLocalWorker = 2;

absl::StatusOr<FoundWorkers> StartLocal(uint32_t count, int log, LocalFleet::Serves serves) {
  DRUMFIRE_ASSIGN_OR_RETURN(const auto program, FindWorkerProgram());
  DRUMFIRE_ASSIGN_OR_RETURN(
      auto local,
      LocalFleet::Start(program, count > 0 ? count : DefaultLocalWorkers(), log, serves));
  FoundWorkers found;
  found.local = std::move(local);
  for (const std::string& address : found.local->addresses()) {
    found.workers.push_back({address, ""});
  }
  return found;
}

}  // namespace

uint32_t DefaultLocalWorkers(const HostPaths& paths) {
  double cores = AllowedCores(paths);
  if (cores == 0) cores = std::thread::hardware_concurrency();
  return static_cast<uint32_t>(std::max(1.0, std::floor(cores / kCoresPerLocalWorker)));
}

absl::StatusOr<FoundWorkers> FindWorkers(const ProfileRequest& request,
                                         const std::function<bool()>& stop, int log,
                                         LocalFleet::Serves serves, const Clock& clock) {
  if (request.worker_list.empty()) return StartLocal(request.local_workers, log, serves);
  const ResolveOptions options{request.worker_count, absl::Nanoseconds(request.ready_timeout_ns),
                               stop};
  DRUMFIRE_ASSIGN_OR_RETURN(
      auto workers, ResolveWorkers(request.worker_list, options, SystemWorkerNames().get(), clock));
  FoundWorkers found;
  found.workers = std::move(workers);
  return found;
}

}  // namespace drumfire
