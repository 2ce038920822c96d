// The coordinator's messages that lead a worker through a phase. Pure functions.
#pragma once

#include <cstdint>

#include "drumfire/v1/control.pb.h"

namespace drumfire {

// Its first grant is empty and of the phase.
v1::CoordinatorMessage PrepareMessage(uint32_t phase, uint32_t slots);
// start_ns: on the worker's clock.
v1::CoordinatorMessage StartMessage(uint32_t phase, int64_t start_ns);
v1::CoordinatorMessage GrantMessage(const v1::Grant& grant);
// grace_ns < 0: what is in flight may take as long as it takes.
v1::CoordinatorMessage DrainMessage(uint32_t phase, int64_t grace_ns);
v1::CoordinatorMessage CancelMessage(uint32_t phase);

}  // namespace drumfire
