// Whether a run goes on after it has lost workers. The plan decides.
#pragma once

#include <string>

#include "coordinator/fleet/fleet.h"
#include "coordinator/run/record_keeper.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

// The plan allows a run to go on without a worker.
bool MayContinueWithout(const v1::Plan& plan);

// Why no further phase can run after the losses so far, in words; empty = it can.
std::string LossThatEndsRun(const v1::Plan& plan, const Fleet& fleet);

// A worker whose records cannot be true is lost from now on.
void ExpelRefused(RecordKeeper* records, Fleet* fleet);

}  // namespace drumfire
