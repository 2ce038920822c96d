#include "worker/sink/batch_sender.h"

#include <utility>

#include "common/record/frame.h"

namespace drumfire {
namespace {

// A full link without a waiter is tried again after so long.
constexpr int64_t kRetryNs = 5 * kNsPerMs;

}  // namespace

BatchSender::BatchSender(const BatchSenderOptions& options, RecordLink* link,
                         std::function<void()> wake)
    : options_(options),
      link_(link),
      wake_(std::move(wake)),
      unacked_(options.buffer_bytes, options.resend_after_ns) {}

bool BatchSender::AddBatch(v1::RecordBatch* batch) {
  {
    const MutexLock lock(&mutex_);
    batch->set_sequence(unacked_.next_sequence());
  }
  batch->set_run_id(options_.run_id);
  batch->set_worker(options_.worker);
  batch->set_epoch(options_.epoch);
  std::string frame;
  if (!AppendFrame(*batch, &frame).ok()) return false;
  {
    const MutexLock lock(&mutex_);
    if (!unacked_.Add(std::move(frame))) return false;
  }
  wake_();
  return true;
}

absl::Status BatchSender::Ack(uint64_t sequence) {
  const MutexLock lock(&mutex_);
  return unacked_.Ack(sequence);
}

void BatchSender::ResendUnacked() {
  {
    const MutexLock lock(&mutex_);
    unacked_.ResendAll();
  }
  wake_();
}

BatchSenderCounters BatchSender::counters() const {
  const MutexLock lock(&mutex_);
  return {unacked_.next_sequence() - 1, unacked_.resends(), unacked_.held_bytes()};
}

// The lock is given up between two frames, so that a full buffer holds up neither acks nor batches.
int64_t BatchSender::Step(int64_t now_ns) {
  while (true) {
    const MutexLock lock(&mutex_);
    const std::string* frame = unacked_.Due(now_ns);
    if (frame == nullptr) return unacked_.NextDueNs();
    if (!link_->Send(*frame)) return link_->waiter() != nullptr ? kNever : now_ns + kRetryNs;
    unacked_.MarkSent(now_ns);
  }
}

}  // namespace drumfire
