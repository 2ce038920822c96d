// An arrival process: when the k-th request of a segment of load is due. One file per shape, one
// row per shape in arrival_shapes.cc.
//
//   constant, Poisson, gamma, burst, trace    shapes: make times
//   SpedUpArrivals, SegmentedArrivals         decorators: stack on other processes
//
// Times are ns from the start of the segment. A process belongs to one thread.
#pragma once

#include <cstdint>
#include <memory>

#include "common/dataset/dataset.h"
#include "common/schedule/phase_draws.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

class ArrivalProcess {
 public:
  virtual ~ArrivalProcess() = default;
  // Due time of arrival k. k must not be smaller than in the call before; times never go back.
  virtual int64_t At(uint64_t k) = 0;
};

// All that a shape may depend on.
struct ArrivalSettings {
  double rate_per_s = 0;             // arrivals per second, > 0 where the shape uses it
  double smoothness = 1;             // shape of the gamma distribution
  PhaseDraws draws;                  // one index per arrival
  const Dataset* dataset = nullptr;  // of a trace; not owned
};

}  // namespace drumfire
