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
  // Outside the numbering, and no sign of life: the stream answers probes, whatever the session
  // does.
  if (message.has_clock_reply()) return Verdict::kTake;
  last_heard_ns_ = received_ns;
  if (message.sequence() <= last_received_) return Verdict::kIgnore;
  if (message.sequence() > last_received_ + 1) return Verdict::kGap;
  last_received_ = message.sequence();
  return Verdict::kTake;
}

}  // namespace drumfire
