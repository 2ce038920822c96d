// How a phase began and ended, as it stands in the journal: of each worker, and of the phase.
#pragma once

#include "coordinator/fleet/fleet.h"
#include "coordinator/run/phase_outcome.h"
#include "drumfire/v1/journal.pb.h"

namespace drumfire {

// What the worker said at its end; of one that did not get there what its last progress said.
v1::WorkerPhaseDone ClosingTotalsOf(const Fleet& fleet, const PhaseOutcome& outcome,
                                    uint32_t worker);
// The phase as it began, without its workers.
v1::PhaseStart PhaseStartOf(const PhaseOutcome& outcome);
// now_ns: our monotonic clock.
v1::WorkerStart WorkerStartOf(const Fleet& fleet, const PhaseOutcome& outcome, uint32_t worker,
                              int64_t now_ns);
v1::PhaseEnd EndOf(const PhaseOutcome& outcome);

}  // namespace drumfire
