// What a coordinator's messages may say, checked before any of them has an effect: a coordinator's
// word is no better than its bytes. Errors name the field, what was found and what is expected.
// Pure; any thread.
//
//   const std::vector<PhaseBounds> phases = BoundsOf(hello.plan());
//   DRUMFIRE_RETURN_IF_ERROR(CheckGrant(phases[grant.phase()], granted_so_far, grant));
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "common/clock/clock.h"
#include "drumfire/v1/control.pb.h"

namespace drumfire {

// A phase that begins later than this after its Start is no phase that anybody waits for.
constexpr int64_t kMaxStartDelayNs = 3600 * kNsPerSecond;

// What bounds the messages of one phase.
struct PhaseBounds {
  uint32_t slots = 0;     // of the whole fleet; 0 = no cap
  uint64_t sessions = 0;  // there is no session of this number or a higher one
};

// One per phase of a valid plan.
std::vector<PhaseBounds> BoundsOf(const v1::Plan& plan);

// Lease and buffer; the plan is ValidatePlan's.
absl::Status CheckHello(const v1::Hello& hello);
// A run that would take more memory than this worker has. free_bytes: 0 = unknown.
absl::Status CheckMemory(const v1::Hello& hello, uint64_t free_bytes);
// Of a Prepare or a SlotChange.
absl::Status CheckSlots(const PhaseBounds& phase, uint32_t slots);
// granted_before: sessions that the worker was granted in this phase already.
absl::Status CheckGrant(const PhaseBounds& phase, uint64_t granted_before, const v1::Grant& grant);
absl::Status CheckStart(const v1::Start& start, int64_t now_ns);
absl::Status CheckDrain(const v1::Drain& drain);

}  // namespace drumfire
