// How well the clocks of a fleet were known, in one line's figures.
#pragma once

#include <cstdint>

#include "coordinator/results/run_facts.h"

namespace drumfire {

struct ClockFigures {
  uint32_t workers = 0;  // whose clock was probed; 0 = all share the coordinator's
  uint32_t hosts = 0;    // machines that those run on
  // Of the first and last estimates.
  int64_t worst_bound_ns = 0;
  // The fastest one, and what it is known to.
  double worst_drift_ppm = 0;
  double worst_drift_bound_ppm = 0;
};

ClockFigures ClockFiguresOf(const RunFacts& facts);

// The worker's clock, or null when the run's end does not tell.
const v1::WorkerClock* ClockOf(const RunFacts& facts, uint32_t worker);

}  // namespace drumfire
