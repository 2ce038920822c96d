#include "worker/engine/poll_interval.h"

#include <algorithm>

namespace drumfire {

void PollInterval::Polled(int64_t now_ns, uint32_t in_flight, uint64_t reads) {
  last_poll_ns_ = now_ns;
  const int64_t window_ns = now_ns - window_start_ns_;
  if (asked_ns_ != kAdaptive || window_ns < kWindowNs) return;
  const uint64_t window_reads = std::max<uint64_t>(1, reads - window_reads_);
  const double gap_ns = static_cast<double>(in_flight) * window_ns / window_reads;
  adapted_ns_ = in_flight >= kMinInFlight && gap_ns >= kMinGapNs ? kAdaptiveIntervalNs : 0;
  window_start_ns_ = now_ns;
  window_reads_ = reads;
}

}  // namespace drumfire
