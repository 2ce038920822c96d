// Whether a run goes on after it has lost workers. The plan decides.
#pragma once

#include <string>

#include "coordinator/fleet/fleet.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

// The plan allows a run to go on without a worker.
bool MayContinueWithout(const v1::Plan& plan);

// Why no further phase can run after the losses so far, in words; empty = it can.
std::string LossThatEndsRun(const v1::Plan& plan, const Fleet& fleet);

}  // namespace drumfire
