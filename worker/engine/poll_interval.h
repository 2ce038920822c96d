// How lazily the sockets may be read. With kernel stamps a late read costs no truth, and a look at
// the sockets every millisecond instead of at each segment saves 10-30 % of the CPU at thousands of
// streams (docs/performance.md). Too lazy would hide gaps (two chunks in one read) and hold up a
// closed loop, which starts its next request only when it has read the end of the last one.
//
// Adaptive: lazy only with many requests in flight whose reads are far apart. The mean gap between
// two reads of a request is (in flight x time) / reads; a response has at least one read, so the
// gap is also no longer than the response takes. At kMinGapNs, 50 intervals, at most 1 % of a
// response's time is added.
#pragma once

#include <cstdint>

#include "common/clock/clock.h"

namespace drumfire {

class PollInterval {
 public:
  static constexpr int64_t kAdaptive = -1;
  static constexpr int64_t kAdaptiveIntervalNs = kNsPerMs;
  static constexpr uint32_t kMinInFlight = 2000;
  static constexpr int64_t kMinGapNs = 50 * kAdaptiveIntervalNs;
  static constexpr int64_t kWindowNs = 100 * kNsPerMs;

  // interval_ns: EngineOptions.poll_interval_ns: fixed, 0 = at once, kAdaptive.
  explicit PollInterval(int64_t interval_ns) : asked_ns_(interval_ns) {}

  // When the sockets may be looked at next, given the last look; now_ns when at once.
  int64_t NextPollNs(int64_t now_ns) const {
    return interval_ns() == 0 ? now_ns : last_poll_ns_ + interval_ns();
  }
  // The sockets were looked at: reads is the count since the engine was made.
  void Polled(int64_t now_ns, uint32_t in_flight, uint64_t reads);
  int64_t interval_ns() const { return asked_ns_ == kAdaptive ? adapted_ns_ : asked_ns_; }

 private:
  const int64_t asked_ns_;
  int64_t adapted_ns_ = 0;
  int64_t last_poll_ns_ = 0;
  int64_t window_start_ns_ = 0;
  uint64_t window_reads_ = 0;
};

}  // namespace drumfire
