#include "worker/session/control_stream.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "glog/logging.h"

namespace drumfire {

void StreamHandle::Send(v1::WorkerMessage message) {
  const MutexLock lock(&mutex_);
  if (stream_ != nullptr) stream_->Send(std::move(message));
}

void StreamHandle::Finish(const grpc::Status& status) {
  const MutexLock lock(&mutex_);
  if (stream_ != nullptr) stream_->FinishAfterWrites(status);
}

void StreamHandle::Resume() {
  const MutexLock lock(&mutex_);
  if (stream_ != nullptr) stream_->Resume();
}

OutboxState StreamHandle::outbox() const {
  const MutexLock lock(&mutex_);
  return stream_ == nullptr ? OutboxState() : stream_->outbox();
}

void StreamHandle::Reset(ControlStream* stream) {
  const MutexLock lock(&mutex_);
  stream_ = stream;
}

void StreamHandle::OnFirstMessageLate() {
  const MutexLock lock(&mutex_);
  if (stream_ != nullptr) stream_->OnFirstMessageLate();
}

void StreamHandle::OnEndLate() {
  const MutexLock lock(&mutex_);
  if (stream_ != nullptr) stream_->OnEndLate();
}

ControlStream::ControlStream(grpc::CallbackServerContext* context, const Clock& clock,
                             StreamLimits limits, std::shared_ptr<StreamHandle> handle,
                             Callbacks callbacks)
    : context_(context),
      clock_(clock),
      limits_(limits),
      handle_(std::move(handle)),
      callbacks_(std::move(callbacks)) {
  handle_->Reset(this);
  first_message_alarm_.Set(absl::ToChronoTime(absl::Now() + limits_.first_message),
                           [handle = handle_](bool is_due) {
                             if (is_due) handle->OnFirstMessageLate();
                           });
  StartRead(&incoming_);
}

void ControlStream::Send(v1::WorkerMessage message) {
  if (outbox_.Push(std::move(message)) != PushResult::kFull) return;
  if (is_broken_off_.exchange(true)) return;
  LOG(WARNING) << "control stream broken off: the coordinator left " << kMaxQueuedMessages
               << " messages untaken";
  context_->TryCancel();
}

void ControlStream::FinishAfterWrites(const grpc::Status& status) {
  if (is_ending_.exchange(true)) return;
  end_alarm_.Set(absl::ToChronoTime(absl::Now() + limits_.end), [handle = handle_](bool is_due) {
    if (is_due) handle->OnEndLate();
  });
  outbox_.CloseAfterWrites([this, status] { Finish(status); });
}

void ControlStream::OnFirstMessageLate() {
  if (has_spoken_) return;
  FinishAfterWrites(
      {grpc::StatusCode::DEADLINE_EXCEEDED,
       absl::StrCat("no Hello within ", absl::FormatDuration(limits_.first_message))});
}

void ControlStream::OnEndLate() { context_->TryCancel(); }

void ControlStream::OnReadDone(bool ok) {
  if (!ok) {
    FinishAfterWrites(grpc::Status::OK);
    return;
  }
  if (HandOn()) Resume();
}

bool ControlStream::HandOn() {
  if (incoming_.has_clock_probe()) {
    AnswerProbe(incoming_);
    return true;
  }
  if (!has_spoken_.exchange(true)) first_message_alarm_.Cancel();
  return callbacks_.on_message(std::move(incoming_));
}

void ControlStream::Resume() {
  incoming_.Clear();
  StartRead(&incoming_);
}

// Outside the session's numbering: a probe's answer may not wait for anything.
void ControlStream::AnswerProbe(const v1::CoordinatorMessage& message) {
  v1::WorkerMessage reply;
  reply.set_epoch(message.epoch());
  reply.set_plan_hash(message.plan_hash());
  reply.mutable_clock_reply()->set_number(message.clock_probe().number());
  reply.mutable_clock_reply()->set_monotonic_ns(clock_.MonotonicNs());
  reply.mutable_clock_reply()->set_wall_ns(clock_.WallNs());
  Send(std::move(reply));
}

void ControlStream::OnDone() {
  handle_->Reset(nullptr);
  callbacks_.on_closed();
  delete this;
}

}  // namespace drumfire
