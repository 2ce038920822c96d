#include "tools/fleet_sim/counting_load.h"

#include <algorithm>
#include <utility>

namespace drumfire::fleet_sim {

void CountingLoad::Add(const v1::Grant& grant) {
  lowest_unsent_ = unsent_ == 0 ? grant.first() : std::min(lowest_unsent_, grant.first());
  granted_ += grant.count();
  unsent_ += grant.count();
  has_news_ = true;
  has_last_ = has_last_ || grant.last();
}

int64_t CountingLoad::Turn() {
  const int64_t now_ns = clock_.MonotonicNs();
  if (told_end_) return INT64_MAX;
  if (!stopped_ && now_ns < start_ns_) return start_ns_;
  if (duration_ns_ > 0 && now_ns - start_ns_ >= duration_ns_) stopped_ = true;
  if (!stopped_) callbacks_.on_dropped_records(std::exchange(unsent_, 0));
  if (stopped_ || has_last_) {
    told_end_ = true;
    callbacks_.on_done();
    return INT64_MAX;
  }
  if (std::exchange(has_news_, false)) callbacks_.on_hungry(0, slots_);
  return duration_ns_ > 0 ? start_ns_ + duration_ns_ : INT64_MAX;
}

v1::CreditTotals CountingLoad::totals() const {
  v1::CreditTotals totals;
  totals.set_granted(granted_);
  totals.set_sent(granted_ - unsent_);
  totals.set_completed(granted_ - unsent_);
  totals.set_unsent(unsent_);
  return totals;
}

}  // namespace drumfire::fleet_sim
