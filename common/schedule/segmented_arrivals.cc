#include "common/schedule/segmented_arrivals.h"

#include <utility>

namespace drumfire {

SegmentedArrivals::SegmentedArrivals(std::vector<ArrivalSegment> segments)
    : segments_(std::move(segments)) {}

int64_t SegmentedArrivals::DueInCurrent(uint64_t k) {
  return start_ns_ + segments_[current_].shape->At(k - first_k_);
}

// Which arrival is the first of the next segment depends on all before it, so a caller that leaves
// some out walks over them here. Without an end there is nothing to look for.
int64_t SegmentedArrivals::At(uint64_t k) {
  for (; next_k_ < k && current_ < segments_.size() && !IsEndless(); ++next_k_) {
    DueOrNextSegment(next_k_);
  }
  return DueOrNextSegment(k);
}

int64_t SegmentedArrivals::DueOrNextSegment(uint64_t k) {
  while (current_ < segments_.size()) {
    if (IsEndless()) return DueInCurrent(k);
    const int64_t due_ns = DueInCurrent(k);
    if (due_ns < segments_[current_].until_ns) return due_ns;
    start_ns_ = segments_[current_].until_ns;
    first_k_ = k;
    ++current_;
  }
  return kNever;
}

}  // namespace drumfire
