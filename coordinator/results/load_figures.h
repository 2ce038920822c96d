// Requested and reached rate, concurrency and evenness of a phase.
#pragma once

#include "coordinator/results/phase_tally.h"
#include "coordinator/results/run_result.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

bool IsClosedLoop(const v1::Phase& phase);

// The expected coefficient of variation of an arrival pattern's gaps; -1 for closed loops. For a
// fixed schedule it is that of its own times.
double ExpectedGapVariation(const v1::Phase& phase, const SendGaps& gaps);

// The tally's send gaps must be final.
LoadFigures MeasureLoad(const v1::Phase& phase, const PhaseTally& tally, int64_t window_ns);

}  // namespace drumfire
