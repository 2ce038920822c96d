// Collects the inputs of the verdict, and the instrument's own error, from a phase's tally and the
// workers' reports.
#pragma once

#include "coordinator/results/phase_tally.h"
#include "coordinator/results/run_result.h"
#include "coordinator/results/verdict.h"

namespace drumfire {

// accounts: those of the profiling phase.
InstrumentFigures MeasureInstrument(const StampTally& stamps, const Accounts& accounts);

// profiling must already be filled in. The caller adds sums and histograms.
VerdictInputs GatherVerdictInputs(const v1::Plan& plan, const PhaseResult& profiling,
                                  const PhaseTally& tally);

}  // namespace drumfire
