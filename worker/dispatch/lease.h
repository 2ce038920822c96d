// Until when this worker may send. The session extends it with each heartbeat that the coordinator
// answered; the I/O thread asks before each send, so that a process that was stopped for
// longer sends nothing once it is awake. Any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>

#include "common/clock/clock.h"

namespace drumfire {

class Lease {
 public:
  // clock is not owned. Does not hold until the first ExtendTo.
  explicit Lease(const Clock& clock) : clock_(clock) {}

  // until_ns: monotonic.
  void ExtendTo(int64_t until_ns) { until_ns_.store(until_ns, std::memory_order_relaxed); }
  bool Holds() const { return clock_.MonotonicNs() < until_ns(); }
  int64_t until_ns() const { return until_ns_.load(std::memory_order_relaxed); }

 private:
  const Clock& clock_;
  std::atomic<int64_t> until_ns_{std::numeric_limits<int64_t>::min()};
};

}  // namespace drumfire
