#include "worker/sink/unacked_batches.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/clock/clock.h"

namespace drumfire {

bool UnackedBatches::Add(std::string frame) {
  const size_t cost_bytes = frame.size() + kBatchOverheadBytes;
  if (held_bytes_ + cost_bytes > max_bytes_) return false;
  held_bytes_ += cost_bytes;
  due_.emplace(kAtOnce, next_sequence());
  batches_.push_back(Batch{.frame = std::move(frame)});
  return true;
}

const std::string* UnackedBatches::Due(int64_t now_ns) const {
  if (NextDueNs() > now_ns || due_.empty()) return nullptr;
  return &batches_[due_.begin()->second - first_sequence_].frame;
}

void UnackedBatches::MarkSent(int64_t now_ns) {
  const uint64_t sequence = due_.begin()->second;
  Batch& batch = batches_[sequence - first_sequence_];
  if (batch.sends > 0) ++resends_;
  const uint32_t doublings = std::min(batch.sends, kMaxResendDoublings);
  ++batch.sends;
  Reschedule(sequence, now_ns + (resend_after_ns_ << doublings));
}

int64_t UnackedBatches::NextDueNs() const { return due_.empty() ? kNever : due_.begin()->first; }

absl::Status UnackedBatches::Ack(uint64_t sequence) {
  if (sequence >= next_sequence()) {
    return absl::InvalidArgumentError(
        absl::StrCat("ack of batch ", sequence, ", the last one made is ", next_sequence() - 1));
  }
  while (first_sequence_ <= sequence) DropFirst();
  return absl::OkStatus();
}

void UnackedBatches::ResendAll() {
  for (uint64_t i = 0; i < batches_.size(); ++i) Reschedule(first_sequence_ + i, kAtOnce);
}

void UnackedBatches::Reschedule(uint64_t sequence, int64_t due_ns) {
  Batch& batch = batches_[sequence - first_sequence_];
  due_.erase({batch.due_ns, sequence});
  batch.due_ns = due_ns;
  due_.emplace(due_ns, sequence);
}

void UnackedBatches::DropFirst() {
  const Batch& batch = batches_.front();
  due_.erase({batch.due_ns, first_sequence_});
  held_bytes_ -= batch.frame.size() + kBatchOverheadBytes;
  batches_.pop_front();
  ++first_sequence_;
}

}  // namespace drumfire
