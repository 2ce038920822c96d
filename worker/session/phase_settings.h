// A phase as the worker's dispatcher needs it, from the plan and the coordinator's Prepare.
#pragma once

#include <cstdint>

#include "drumfire/v1/control.pb.h"
#include "drumfire/v1/plan.pb.h"
#include "worker/dispatch/dispatcher.h"

namespace drumfire {

PhaseSettings PhaseSettingsOf(const v1::Plan& plan, const v1::Prepare& prepare);

// Connections that the first requests need: every slot's in a closed loop, those of the first
// moments in an open one. At least one per target, so that a target that cannot be reached is known
// before the start. granted: credits held by now.
uint32_t FirstConnections(const v1::Plan& plan, const v1::Phase& phase,
                          const PhaseSettings& settings, uint64_t granted);

}  // namespace drumfire
