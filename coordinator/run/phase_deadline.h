// By when every worker must have ended a phase. A worker that answers heartbeats and still does not
// end it, for instance because its I/O thread hangs, would hold up the run for ever: it is lost at
// this time. A phase that ends only by its request count has no such time until somebody stops it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "common/clock/clock.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

// After the phase's duration and grace period, or after a stop: for closing totals to arrive.
constexpr int64_t kPhaseEndPatienceNs = 15 * kNsPerSecond;
// After the second interrupt, when the user wants the report now.
constexpr int64_t kLastPatienceNs = 2 * kNsPerSecond;

// An interrupt waits no longer than this for requests in flight, whatever the plan allows.
constexpr int64_t kMaxInterruptGraceNs = 30 * kNsPerSecond;

inline int64_t InterruptGraceNs(const v1::Phase& spec) {
  const int64_t grace_ns = spec.grace_period_ns();
  return grace_ns < 0 ? kMaxInterruptGraceNs : std::min(grace_ns, kMaxInterruptGraceNs);
}

// Times are monotonic. Of several causes the earliest counts.
class PhaseDeadline {
 public:
  void OnStart(const v1::Phase& spec, int64_t start_ns) {
    if (spec.duration_ns() > 0) OnDrain(Plus(start_ns, spec.duration_ns()), spec.grace_period_ns());
  }
  // Nothing new is sent from now_ns on. grace_ns < 0: what is in flight may take as long as it
  // takes.
  void OnDrain(int64_t now_ns, int64_t grace_ns) {
    if (grace_ns >= 0) Limit(Plus(now_ns, grace_ns), kPhaseEndPatienceNs);
  }
  void OnCancel(int64_t now_ns) { Limit(now_ns, kPhaseEndPatienceNs); }
  void OnLastStop(int64_t now_ns) { Limit(now_ns, kLastPatienceNs); }

  bool IsOver(int64_t now_ns) const { return now_ns > until_ns_; }

 private:
  static constexpr int64_t kNoLimit = std::numeric_limits<int64_t>::max();

  // Plans may hold any number.
  static int64_t Plus(int64_t a, int64_t b) {
    int64_t sum = 0;
    return __builtin_add_overflow(a, b, &sum) ? kNoLimit : sum;
  }
  void Limit(int64_t from_ns, int64_t wait_ns) {
    until_ns_ = std::min(until_ns_, Plus(from_ns, wait_ns));
  }

  int64_t until_ns_ = kNoLimit;
};

}  // namespace drumfire
