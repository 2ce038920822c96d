// Which workers a run loses for what they do, or do not do, and whether it goes on without them.
// The fleet's next events tell of these losses.
#pragma once

#include <string>

#include "coordinator/fleet/fleet.h"
#include "coordinator/ledger/ledger.h"
#include "coordinator/run/phase_outcome.h"
#include "coordinator/run/record_keeper.h"
#include "coordinator/run/stall_watch.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

// The plan allows a run to go on without a worker.
bool MayContinueWithout(const v1::Plan& plan);

// Why no further phase can run after the losses so far, in words; empty = it can.
std::string LossThatEndsRun(const v1::Plan& plan, const Fleet& fleet);

// A worker whose records cannot be true is lost from now on.
void ExpelRefused(RecordKeeper* records, Fleet* fleet);

// Those that have not ended a phase whose time is over.
void ExpelUnended(const PhaseOutcome& outcome, Fleet* fleet);

// Those that hold credits and do nothing.
void ExpelStalled(const PhaseOutcome& outcome, const StallWatch& watch, const Ledger& ledger,
                  int64_t now_ns, Fleet* fleet);

}  // namespace drumfire
