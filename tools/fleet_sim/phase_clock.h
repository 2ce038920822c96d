// The clock of a phase's requests. From the phase's start it runs `speed_up` times as fast as the
// machine's, so that an hour of requests takes minutes; what the coordinator deals with (leases,
// heartbeats, clock probes, the start itself) stays on the machine's clock. One thread.
#pragma once

#include "common/clock/clock.h"

namespace drumfire::fleet_sim {

class PhaseClock : public Clock {
 public:
  // clock is not owned. speed_up >= 1.
  PhaseClock(const Clock& clock, double speed_up) : clock_(clock), speed_up_(speed_up) {}

  // t = 0 of the phase on the machine's clock, where both clocks show the same.
  void Begin(int64_t start_ns) { start_ns_ = start_ns; }

  int64_t MonotonicNs() const override { return FromMachine(clock_.MonotonicNs()); }
  int64_t WallNs() const override { return clock_.WallNs(); }
  // Later than the machine's clock can show stays so.
  int64_t FromMachine(int64_t ns) const { return Scale(ns, speed_up_); }
  // Never too early: by then the phase's clock shows ns or more.
  int64_t ToMachine(int64_t ns) const {
    const int64_t machine_ns = Scale(ns, 1 / speed_up_);
    return FromMachine(machine_ns) < ns ? machine_ns + 1 : machine_ns;
  }

 private:
  int64_t Scale(int64_t ns, double factor) const {
    if (factor == 1 || start_ns_ == kNotBegun || ns == INT64_MAX) return ns;
    return start_ns_ + static_cast<int64_t>(static_cast<double>(ns - start_ns_) * factor);
  }

  static constexpr int64_t kNotBegun = INT64_MIN;
  const Clock& clock_;
  const double speed_up_;
  int64_t start_ns_ = kNotBegun;
};

}  // namespace drumfire::fleet_sim
