#include "worker/engine/kernel_stamps.h"

#include <algorithm>
#include <limits>

namespace drumfire {
namespace {

// A pair of monotonic reads further apart than this was interrupted; take another, a few times.
constexpr int64_t kTightPairNs = 300;
constexpr int kMaxPairs = 4;

}  // namespace

KernelStamps::KernelStamps(const Clock& clock) : clock_(clock) { Refresh(); }

void KernelStamps::Refresh() {
  int64_t tightest_ns = std::numeric_limits<int64_t>::max();
  for (int i = 0; i < kMaxPairs && tightest_ns > kTightPairNs; ++i) {
    const int64_t before_ns = clock_.MonotonicNs();
    const int64_t realtime_ns = clock_.WallNs();
    const int64_t width_ns = clock_.MonotonicNs() - before_ns;
    if (width_ns >= tightest_ns) continue;
    tightest_ns = width_ns;
    realtime_minus_monotonic_ns_ = realtime_ns - (before_ns + width_ns / 2);
  }
}

int64_t KernelStamps::ToMonotonic(int64_t stamp_realtime_ns, int64_t not_before_ns,
                                  int64_t read_ns) const {
  const int64_t stamp_ns = stamp_realtime_ns - realtime_minus_monotonic_ns_;
  if (stamp_ns < not_before_ns - kToleranceNs || stamp_ns > read_ns + kToleranceNs) return kRefused;
  return std::clamp(stamp_ns, std::min(not_before_ns, read_ns), read_ns);
}

}  // namespace drumfire
