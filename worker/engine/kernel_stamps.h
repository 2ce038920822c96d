// Kernel receive stamps (SO_TIMESTAMPNS) are CLOCK_REALTIME and belong to the last segment a read
// consumed. This converts them to CLOCK_MONOTONIC with an offset taken at each wake-up, and rejects
// impossible ones, for example after a step of the wall clock between the segment's arrival and the
// offset.
#pragma once

#include <cstdint>

#include "common/clock/clock.h"

namespace drumfire {

class KernelStamps {
 public:
  // Tolerance of a stamp's bounds: the error of two offsets, far smaller than that of a wrong
  // stamp.
  static constexpr int64_t kToleranceNs = 1'000;
  static constexpr int64_t kRefused = -1;

  explicit KernelStamps(const Clock& clock);

  // Takes the offset anew. Once a wake-up, before its reads.
  void Refresh();
  // The stamp on the monotonic clock, within [not_before_ns, read_ns], or kRefused when it lies
  // outside by more than kToleranceNs. not_before_ns: the send, or the stamp before on the same
  // stream.
  int64_t ToMonotonic(int64_t stamp_realtime_ns, int64_t not_before_ns, int64_t read_ns) const;

 private:
  const Clock& clock_;
  int64_t realtime_minus_monotonic_ns_ = 0;
};

}  // namespace drumfire
