#include "coordinator/run/stall_watch.h"

#include "common/plan/conversations.h"

namespace drumfire {
namespace {

uint64_t MovesIn(const v1::CreditTotals& totals) {
  return totals.granted() + totals.begun() + totals.dropped() + totals.sent() + totals.completed() +
         totals.failed() + totals.cancelled();
}

}  // namespace

StallWatch::StallWatch(const v1::Plan& plan) {
  const int64_t timeout_ns = plan.connections().request_timeout_ns();
  if (timeout_ns > 0 && !HasConversations(plan.dataset()))
    limit_ns_ = timeout_ns + kStallPatienceNs;
}

void StallWatch::Begin(uint32_t worker, int64_t now_ns) { seen_[worker] = {.changed_ns = now_ns}; }

void StallWatch::OnGrant(uint32_t worker, int64_t now_ns) { seen_[worker].changed_ns = now_ns; }

void StallWatch::OnProgress(uint32_t worker, const v1::CreditTotals& totals, int64_t now_ns) {
  Seen& seen = seen_[worker];
  const uint64_t moves = MovesIn(totals);
  if (moves != seen.moves) seen.changed_ns = now_ns;
  seen.moves = moves;
  seen.has_work = totals.unsent() > 0 || totals.open() > 0;
  seen.granted = totals.granted();
}

bool StallWatch::IsStalled(uint32_t worker, uint64_t granted, int64_t now_ns) const {
  const auto found = seen_.find(worker);
  if (found == seen_.end()) return false;
  const Seen& seen = found->second;
  const bool has_work = seen.has_work || seen.granted < granted;
  return has_work && now_ns - seen.changed_ns > limit_ns_;
}

}  // namespace drumfire
