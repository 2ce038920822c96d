#include "worker/session/control_stream.h"

#include <utility>

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

void StreamHandle::Reset(ControlStream* stream) {
  const MutexLock lock(&mutex_);
  stream_ = stream;
}

ControlStream::ControlStream(grpc::CallbackServerContext* context, const Clock& clock,
                             std::shared_ptr<StreamHandle> handle, Callbacks callbacks)
    : context_(context),
      clock_(clock),
      handle_(std::move(handle)),
      callbacks_(std::move(callbacks)) {
  handle_->Reset(this);
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
  outbox_.CloseAfterWrites([this, status] { Finish(status); });
}

void ControlStream::OnReadDone(bool ok) {
  if (!ok) {
    FinishAfterWrites(grpc::Status::OK);
    return;
  }
  if (incoming_.has_clock_probe()) {
    AnswerProbe(incoming_);
  } else {
    callbacks_.on_message(std::move(incoming_));
  }
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
