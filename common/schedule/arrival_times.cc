#include "common/schedule/arrival_times.h"

#include <utility>
#include <vector>

#include "common/schedule/arrival_shapes.h"
#include "common/schedule/segmented_arrivals.h"

namespace drumfire {

bool IsOpenLoop(const v1::Phase& phase) {
  const ArrivalShape* shape = FindArrivalShape(phase);
  return shape != nullptr && !shape->slots_decide;
}

ArrivalTimes::ArrivalTimes(const v1::Phase& phase, uint64_t seed, uint32_t phase_index,
                           const Dataset* dataset) {
  const ArrivalShape* shape = FindArrivalShape(phase);
  if (shape == nullptr) return;
  const ArrivalSettings settings = {.rate_per_s = phase.request_rate(),
                                    .smoothness = phase.arrival_smoothness(),
                                    .draws = PhaseDraws(phase, seed, phase_index),
                                    .dataset = dataset};
  std::vector<ArrivalSegment> segments;
  segments.push_back({shape->make(settings)});
  arrivals_ = std::make_unique<SegmentedArrivals>(std::move(segments));
}

}  // namespace drumfire
