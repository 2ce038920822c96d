// Gathers what the verdict is judged on, and the instrument's own error, from a phase's tally and
// the workers' words.
#pragma once

#include "coordinator/results/phase_tally.h"
#include "coordinator/results/run_result.h"
#include "coordinator/results/verdict.h"

namespace drumfire {

// accounts: of the profiling phase.
InstrumentFigures MeasureInstrument(const StampTally& stamps, const Accounts& accounts);

// profiling must be filled already. Sums and histograms are added by the caller.
VerdictInputs GatherVerdictInputs(const v1::Plan& plan, const PhaseResult& profiling,
                                  const PhaseTally& tally);

}  // namespace drumfire
