// Due times of one phase, as its plan describes them.
#pragma once

#include <cstdint>
#include <memory>

#include "common/schedule/arrival_process.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

// True when arrivals, not slots, decide when requests of the phase are sent. (A concurrency burst
// is a closed loop: all requests are due at once and the slots decide.)
bool IsOpenLoop(const v1::Phase& phase);

// Advances only forward: each arrival process adds its gaps up from t = 0, so a time costs one
// draw. One thread.
class ArrivalTimes {
 public:
  // phase: of an open loop, or At must not be called. dataset: not owned; must outlive this.
  ArrivalTimes(const v1::Phase& phase, uint64_t seed, uint32_t phase_index, const Dataset* dataset);

  // Due time of session k, ns from the start of the phase. k must not be smaller than in the call
  // before.
  int64_t At(uint64_t k) { return arrivals_->At(k); }

 private:
  std::unique_ptr<ArrivalProcess> arrivals_;
};

}  // namespace drumfire
