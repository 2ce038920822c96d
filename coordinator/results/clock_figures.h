// Figures for the one-line summary of how accurately a fleet's clocks were known.
#pragma once

#include <cstdint>

#include "coordinator/results/run_facts.h"

namespace drumfire {

struct ClockFigures {
  uint32_t workers = 0;  // with a probed clock; 0 = all share the coordinator's
  uint32_t hosts = 0;    // hosts of these workers
  // Of the first and last estimates.
  int64_t worst_bound_ns = 0;
  // The fastest drift, and its bound.
  double worst_drift_ppm = 0;
  double worst_drift_bound_ppm = 0;
};

ClockFigures ClockFiguresOf(const RunFacts& facts);

// The worker's clock, or null if the run's end does not report it.
const v1::WorkerClock* ClockOf(const RunFacts& facts, uint32_t worker);

}  // namespace drumfire
