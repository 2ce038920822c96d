// Validates the phases of a plan, one by one and as a sequence. Internal to this room.
#pragma once

#include "absl/status/status.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire::plan_check {

absl::Status ValidatePhases(const v1::Plan& plan);

}  // namespace drumfire::plan_check
