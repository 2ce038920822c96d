#include "worker/session/phase_border.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/control/limits.h"
#include "common/plan/validate_plan.h"

namespace drumfire {
namespace {

absl::Status Wrong(const absl::AlphaNum& field, const absl::AlphaNum& found,
                   const absl::AlphaNum& expected) {
  return absl::InvalidArgumentError(
      absl::StrCat(field, ": found ", found, ", expected ", expected));
}

// A blob may be one chunk many times, so its size is not what was sent. It is held as chunks, as
// one piece while it is read, and as what it is read into.
constexpr uint64_t kBytesPerNamedByte = 4;

uint64_t LimitOf(uint64_t count) {
  return count > 0 ? std::min(count, plan_limits::kMaxRequestCount) : plan_limits::kMaxRequestCount;
}

// The number of the last session; of an empty grant, first. False when it does not fit into bounds.
bool Fits(const v1::Grant& grant, uint64_t sessions) {
  if (grant.count() == 0) return true;
  if (grant.first() >= sessions) return false;
  const uint64_t further = grant.count() - 1;
  return further == 0 ||
         (grant.stride() > 0 && further <= (sessions - 1 - grant.first()) / grant.stride());
}

}  // namespace

std::vector<PhaseBounds> BoundsOf(const v1::Plan& plan) {
  std::vector<PhaseBounds> bounds;
  for (const v1::Phase& phase : plan.phases()) {
    // Each session has a request at least.
    const uint64_t sessions =
        std::min(LimitOf(phase.session_count()), LimitOf(phase.request_count()));
    bounds.push_back({.slots = phase.concurrency(), .sessions = sessions});
  }
  return bounds;
}

absl::Status CheckHello(const v1::Hello& hello) {
  if (hello.lease_ns() <= 0 || hello.lease_ns() > kMaxLeaseNs) {
    return Wrong("lease_ns", hello.lease_ns(), absl::StrCat("1 to ", kMaxLeaseNs));
  }
  if (hello.record_buffer_bytes() > kMaxRecordBufferBytes) {
    return Wrong("record_buffer_bytes", hello.record_buffer_bytes(),
                 absl::StrCat("at most ", kMaxRecordBufferBytes));
  }
  return absl::OkStatus();
}

absl::Status CheckMemory(const v1::Hello& hello, uint64_t free_bytes) {
  if (free_bytes == 0) return absl::OkStatus();
  const uint64_t named_bytes =
      hello.plan().dataset().rows().size_bytes() + hello.plan().tokenizer().file().size_bytes();
  if (named_bytes > free_bytes / kBytesPerNamedByte) {
    return Wrong("dataset.rows and tokenizer.file", absl::StrCat(named_bytes, " bytes"),
                 absl::StrCat("at most ", free_bytes / kBytesPerNamedByte, ", with ", free_bytes,
                              " bytes free on this worker"));
  }
  if (hello.record_buffer_bytes() > free_bytes) {
    return Wrong("record_buffer_bytes", hello.record_buffer_bytes(),
                 absl::StrCat("at most the ", free_bytes, " bytes free on this worker"));
  }
  return absl::OkStatus();
}

absl::Status CheckSlots(const PhaseBounds& phase, uint32_t slots) {
  if (phase.slots == 0 && slots > 0) return Wrong("slots", slots, "0: the plan sets no cap");
  if (slots <= phase.slots) return absl::OkStatus();
  return Wrong("slots", slots, absl::StrCat("at most the plan's concurrency of ", phase.slots));
}

absl::Status CheckGrant(const PhaseBounds& phase, uint64_t granted_before, const v1::Grant& grant) {
  if (!Fits(grant, phase.sessions)) {
    return Wrong(
        "credits",
        absl::StrCat(grant.count(), " from session ", grant.first(), " by ", grant.stride()),
        absl::StrCat("sessions below ", phase.sessions));
  }
  if (grant.count() > phase.sessions - granted_before) {
    return Wrong("credits", absl::StrCat(grant.count(), " after ", granted_before),
                 absl::StrCat("at most ", phase.sessions, " in this phase"));
  }
  return absl::OkStatus();
}

absl::Status CheckStart(const v1::Start& start, int64_t now_ns) {
  // One that joins a phase may be late by the phase's whole length.
  const int64_t earliest_ns = now_ns - 2 * plan_limits::kMaxTimeNs;
  const int64_t latest_ns = now_ns + kMaxStartDelayNs;
  if (start.start_ns() >= earliest_ns && start.start_ns() <= latest_ns) return absl::OkStatus();
  return Wrong("start_ns", start.start_ns(),
               absl::StrCat(earliest_ns, " to ", latest_ns, " on this worker's clock"));
}

absl::Status CheckDrain(const v1::Drain& drain) {
  if (drain.grace_ns() >= -1 && drain.grace_ns() <= plan_limits::kMaxTimeNs) {
    return absl::OkStatus();
  }
  return Wrong("grace_ns", drain.grace_ns(), absl::StrCat("-1 to ", plan_limits::kMaxTimeNs));
}

}  // namespace drumfire
