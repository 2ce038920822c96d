#include "coordinator/fleet/member.h"

namespace drumfire {

v1::CoordinatorMessage Member::Wrap(v1::CoordinatorMessage message) {
  message.set_epoch(epoch_);
  if (!message.has_clock_probe()) message.set_sequence(++last_sent_);
  message.set_plan_hash(plan_hash_);
  return message;
}

Member::Verdict Member::Accept(const v1::WorkerMessage& message, int64_t received_ns) {
  if (message.has_refused()) return Verdict::kTake;
  if (message.epoch() != epoch_ || message.plan_hash() != plan_hash_) return Verdict::kIgnore;
  last_heard_ns_ = received_ns;
  if (message.has_clock_reply()) return Verdict::kTake;  // outside the numbering
  if (message.sequence() <= last_received_) return Verdict::kIgnore;
  if (message.sequence() > last_received_ + 1) return Verdict::kGap;
  last_received_ = message.sequence();
  return Verdict::kTake;
}

bool Member::OnClockReply(const v1::ClockReply& reply, int64_t sent_ns, int64_t received_ns) {
  if (reply.number() != clock_.probes) return false;
  const int64_t half_trip_ns = (received_ns - sent_ns) / 2;
  if (clock_.probes == 0 || half_trip_ns < clock_.bound_ns) {
    clock_.bound_ns = half_trip_ns;
    clock_.offset_ns = reply.monotonic_ns() - (sent_ns + half_trip_ns);
  }
  ++clock_.probes;
  return true;
}

}  // namespace drumfire
