// The random draws of one phase: one index per session, so that any worker can draw for session k
// alone. Copy freely; any thread.
#pragma once

#include <cstdint>

#include "common/random/random.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

class PhaseDraws {
 public:
  // segment: number of the part of the phase, below 2^16; parts of one phase draw different values.
  PhaseDraws(const v1::Phase& phase, uint64_t seed, uint32_t phase_index, uint32_t segment = 0)
      : seed_(seed),
        first_index_(PhaseNumber(phase, phase_index) << 56 | uint64_t{segment} << 40) {}

  // Draws for session k (below 2^40) of the segment.
  Random Of(RandomStream stream, uint64_t k) const { return {seed_, stream, first_index_ | k}; }

 private:
  // Phases must not repeat each other's draws. The measured phase is always number 0, so that a
  // warmup before it does not change its draws.
  static uint64_t PhaseNumber(const v1::Phase& phase, uint32_t phase_index) {
    return phase.kind() == v1::PHASE_PROFILING ? 0 : uint64_t{phase_index} + 1;
  }

  uint64_t seed_;
  uint64_t first_index_;
};

}  // namespace drumfire
