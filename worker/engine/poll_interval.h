// How often the sockets are polled. With kernel stamps a late read does not falsify times, and
// polling every millisecond instead of on each segment saves 10-30 % of the CPU with thousands of
// streams (docs/performance.md). A longer interval would coalesce chunks and delay a closed loop,
// which starts its next request only after it has read the end of the last one.
//
// Adaptive: an interval is used only with many requests in flight whose reads are far apart. The
// mean gap between two reads of a request is (in flight x time) / reads. A response has at least
// one read, so the gap is at most the response time. From kMinGapNs (50 intervals) on, at most 1 %
// is added to a response's time.
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

  // interval_ns: EngineOptions.poll_interval_ns; 0 = immediately, or kAdaptive.
  explicit PollInterval(int64_t interval_ns) : asked_ns_(interval_ns) {}

  // When the sockets may be polled next, given the last poll; now_ns if immediately.
  int64_t NextPollNs(int64_t now_ns) const {
    return interval_ns() == 0 ? now_ns : last_poll_ns_ + interval_ns();
  }
  // The sockets were polled. reads: count since the engine was created.
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
