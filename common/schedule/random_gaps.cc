#include "common/schedule/random_gaps.h"

#include "common/clock/clock.h"

namespace drumfire {

int64_t RandomGaps::At(uint64_t k) {
  for (; next_ < k; ++next_) {
    const double gap_s = GapSeconds(next_) - compensation_s_;
    const double sum_s = elapsed_s_ + gap_s;
    compensation_s_ = (sum_s - elapsed_s_) - gap_s;
    elapsed_s_ = sum_s;
  }
  return static_cast<int64_t>(elapsed_s_ * kNsPerSecond);
}

}  // namespace drumfire
