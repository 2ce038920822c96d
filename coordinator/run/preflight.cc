#include "coordinator/run/preflight.h"

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "common/schedule/schedule.h"

namespace drumfire {
namespace {

// Connections that one worker can hold open, and what sets the limit.
struct Capacity {
  uint64_t connections = std::numeric_limits<uint64_t>::max();
  std::string limit;
};

Capacity CapacityOf(const v1::HostLimits& limits, uint64_t targets) {
  Capacity capacity;
  if (const uint64_t descriptors = limits.max_descriptors(); descriptors > 0) {
    capacity.connections = descriptors - std::min(kSpareDescriptors, descriptors / 2);
    capacity.limit = absl::StrCat(descriptors, " file descriptors (ulimit -n)");
  }
  const uint64_t ports = limits.ephemeral_ports() * targets;
  if (ports > 0 && ports < capacity.connections) {
    capacity.connections = ports;
    capacity.limit = absl::StrCat(limits.ephemeral_ports(), " ephemeral ports a target");
  }
  return capacity;
}

}  // namespace

absl::Status CheckLimits(const v1::Plan& plan, const std::vector<WorkerLimits>& workers) {
  uint32_t concurrency = 0;
  for (const v1::Phase& phase : plan.phases()) {
    concurrency = std::max(concurrency, phase.concurrency());
  }
  const auto count = static_cast<uint32_t>(workers.size());
  for (uint32_t worker = 0; worker < count; ++worker) {
    const Capacity capacity =
        CapacityOf(workers[worker].limits, static_cast<uint64_t>(plan.urls_size()));
    const uint32_t slots = SlotShare(concurrency, worker, count);
    if (slots <= capacity.connections) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        "--concurrency: found ", concurrency, ", which is ", slots, " connections on worker ",
        workers[worker].address, " with ", capacity.limit, ", expected at most ",
        capacity.connections * count, " with ", count, " workers"));
  }
  return absl::OkStatus();
}

}  // namespace drumfire
