// What the workers' last words on a phase add up to, for the progress line.
#pragma once

#include "coordinator/run/phase_outcome.h"
#include "coordinator/ui/progress.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

ProgressSnapshot MakeSnapshot(const v1::Plan& plan, const PhaseOutcome& outcome, int64_t now_ns);

}  // namespace drumfire
