#include "common/plan/validate_phases.h"

#include "common/plan/check.h"
#include "common/plan/validate_plan.h"
#include "common/plan/validate_work.h"
#include "common/status/status_macros.h"

namespace drumfire::plan_check {
namespace {

absl::Status KnownValues(const v1::Phase& phase) {
  if (!v1::PhaseKind_IsValid(phase.kind())) return Wrong("kind", phase.kind(), "a known kind");
  if (!v1::LoadMode_IsValid(phase.mode())) return Wrong("mode", phase.mode(), "a known mode");
  if (!v1::ArrivalPattern_IsValid(phase.arrival_pattern())) {
    return Wrong("arrival_pattern", phase.arrival_pattern(), "a known pattern");
  }
  return OneLine("name", phase.name());
}

absl::Status Rate(const v1::Phase& phase) {
  if (phase.mode() != v1::LOAD_RATE) return absl::OkStatus();
  absl::Status smoothness = phase.arrival_pattern() == v1::ARRIVAL_GAMMA
                                ? InRange("arrival_smoothness", phase.arrival_smoothness(),
                                          plan_limits::kMinSmoothness, plan_limits::kMaxSmoothness)
                                : absl::OkStatus();
  // A burst needs no rate: everything is due at once.
  if (phase.arrival_pattern() == v1::ARRIVAL_CONCURRENCY_BURST) return smoothness;
  return FirstError({InRange("request_rate", phase.request_rate(), plan_limits::kMinRequestRate,
                             plan_limits::kMaxRequestRate),
                     smoothness});
}

absl::Status Slots(const v1::Phase& phase) {
  const bool slots_decide =
      phase.mode() == v1::LOAD_CLOSED_LOOP ||
      (phase.mode() == v1::LOAD_RATE && phase.arrival_pattern() == v1::ARRIVAL_CONCURRENCY_BURST);
  return InRange("concurrency", phase.concurrency(), slots_decide ? 1U : 0U,
                 plan_limits::kMaxConcurrency);
}

absl::Status Stops(const v1::Phase& phase) {
  if (phase.request_count() == 0 && phase.session_count() == 0 && phase.duration_ns() == 0) {
    return Wrong("request_count", "neither a count nor a duration", "at least one of them");
  }
  return FirstError(
      {InRange("request_count", phase.request_count(), uint64_t{0}, plan_limits::kMaxRequestCount),
       InRange("session_count", phase.session_count(), uint64_t{0}, plan_limits::kMaxRequestCount),
       TimeOrNone("duration_ns", phase.duration_ns()),
       phase.grace_period_ns() == -1 ? absl::OkStatus()
                                     : TimeOrNone("grace_period_ns", phase.grace_period_ns())});
}

absl::Status Data(const v1::Phase& phase, const v1::Plan& plan) {
  const bool needs_timestamps = phase.mode() == v1::LOAD_FIXED_SCHEDULE;
  if (needs_timestamps && plan.dataset().kind() == v1::DATASET_SYNTHETIC) {
    return Wrong("mode", "a fixed schedule over synthetic data", "a data set with timestamps");
  }
  return absl::OkStatus();
}

absl::Status Order(const v1::Plan& plan) {
  const int last = plan.phases_size() - 1;
  for (int i = 0; i <= last; ++i) {
    const bool is_profiling = plan.phases(i).kind() == v1::PHASE_PROFILING;
    if (is_profiling != (i == last)) {
      return Wrong(absl::StrCat("phases[", i, "].kind"), plan.phases(i).kind(),
                   "warmup phases, then one profiling phase");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ValidatePhases(const v1::Plan& plan) {
  DRUMFIRE_RETURN_IF_ERROR(InRange("phases", plan.phases_size(), 1, plan_limits::kMaxPhases));
  for (int i = 0; i < plan.phases_size(); ++i) {
    const v1::Phase& phase = plan.phases(i);
    absl::Status status = FirstError({KnownValues(phase), Rate(phase), Slots(phase), Stops(phase),
                                      SessionsOf(phase), Data(phase, plan)});
    if (!status.ok()) {
      return absl::InvalidArgumentError(absl::StrCat("phases[", i, "].", status.message()));
    }
  }
  return Order(plan);
}

}  // namespace drumfire::plan_check
