// Arrivals of a phase made of segments, each with a shape of its own: stages, ramps, spikes. A list
// of one segment without an end is that segment's shape.
//
//   std::vector<ArrivalSegment> segments;
//   segments.push_back({std::move(slow), 60 * kNsPerSecond});  // until the first minute is over
//   segments.push_back({std::move(fast)});                     // from then on
//   SegmentedArrivals arrivals(std::move(segments));
//
// Times are ns from the start of the phase. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "common/clock/clock.h"
#include "common/schedule/arrival_process.h"

namespace drumfire {

struct ArrivalSegment {
  std::unique_ptr<ArrivalProcess> shape;
  // Where the segment ends, from the start of the phase; arrivals at or after it are the next
  // segment's.
  int64_t until_ns = kNever;
};

class SegmentedArrivals : public ArrivalProcess {
 public:
  // At least one segment; until_ns rises.
  explicit SegmentedArrivals(std::vector<ArrivalSegment> segments);

  // kNever once the last segment is over.
  int64_t At(uint64_t k) override;

 private:
  bool IsEndless() const { return segments_[current_].until_ns == kNever; }
  int64_t DueInCurrent(uint64_t k);
  int64_t DueOrNextSegment(uint64_t k);

  std::vector<ArrivalSegment> segments_;
  size_t current_ = 0;
  int64_t start_ns_ = 0;  // of the current segment
  uint64_t first_k_ = 0;  // its first arrival
  uint64_t next_k_ = 0;   // all arrivals before it have been given to a segment
};

}  // namespace drumfire
