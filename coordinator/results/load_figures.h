// Asked for against reached: rate, concurrency and evenness of one phase.
#pragma once

#include "coordinator/results/phase_tally.h"
#include "coordinator/results/run_result.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

bool IsClosedLoop(const v1::Phase& phase);

// The coefficient of variation that the gaps of an arrival pattern have by design; -1 for closed
// loops. A fixed schedule's is that of its own times.
double ExpectedGapVariation(const v1::Phase& phase, const SendGaps& gaps);

// The tally's send gaps must be finished.
LoadFigures MeasureLoad(const v1::Phase& phase, const PhaseTally& tally, int64_t window_ns);

}  // namespace drumfire
