// Validates how much a plan can make a worker do at once: the size of one request and the length of
// a schedule. Fields that are each within their range can multiply to gigabytes. Internal to this
// room.
#pragma once

#include "absl/status/status.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire::plan_check {

// The largest request that lengths, batch and turns can draw.
absl::Status RequestSize(const v1::Plan& plan);
// Headers, kept once per URL.
absl::Status HeadSize(const v1::Plan& plan);
// Sessions that a rate begins until its duration ends, when no count ends it before.
absl::Status SessionsOf(const v1::Phase& phase);

}  // namespace drumfire::plan_check
