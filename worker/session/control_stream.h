// The worker's end of a control stream (gRPC callback API): reads messages and hands them on,
// answers clock probes at once. Every wait for the other side has a bound: for its first message,
// and for the end of a stream that this side has ended.
#pragma once

#include <grpcpp/alarm.h>
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <functional>
#include <memory>

#include "absl/time/time.h"
#include "common/clock/clock.h"
#include "common/control/outbox.h"
#include "common/sync/mutex.h"
#include "drumfire/v1/control.grpc.pb.h"

namespace drumfire {

struct StreamLimits {
  // A stream that has brought nothing but clock probes by then is ended.
  absl::Duration first_message = absl::Seconds(5);
  // A stream that this side has ended and whose peer does not take the end is cancelled.
  absl::Duration end = absl::Seconds(5);
};

// Keeps a stream reachable for as long as it lives; safe to use when it is gone. Any thread.
class ControlStream;
class StreamHandle {
 public:
  void Send(v1::WorkerMessage message);
  // Ends the stream once what was sent is written.
  void Finish(const grpc::Status& status);
  // Reads on after on_message returned false.
  void Resume();
  // Of the messages sent; all written when there is no stream.
  OutboxState outbox() const;
  void Reset(ControlStream* stream);

 private:
  friend class ControlStream;
  void OnFirstMessageLate();
  void OnEndLate();

  mutable Mutex mutex_;
  ControlStream* stream_ ABSL_GUARDED_BY(mutex_) = nullptr;
};

class ControlStream : public grpc::ServerBidiReactor<v1::CoordinatorMessage, v1::WorkerMessage> {
 public:
  struct Callbacks {  // on gRPC's threads
    // All but clock probes. False: reads no further before StreamHandle::Resume.
    std::function<bool(v1::CoordinatorMessage)> on_message;
    std::function<void()> on_closed;
  };

  // Deletes itself when gRPC is done with it. handle is pointed at it until then. context is the
  // call's.
  ControlStream(grpc::CallbackServerContext* context, const Clock& clock, StreamLimits limits,
                std::shared_ptr<StreamHandle> handle, Callbacks callbacks);

  // A coordinator that lets kMaxQueuedMessages pile up is broken off, since a message that is left
  // out would be a gap in its sequence.
  void Send(v1::WorkerMessage message);
  void FinishAfterWrites(const grpc::Status& status);
  void Resume();
  OutboxState outbox() const { return outbox_.state(); }
  // The limits were reached.
  void OnFirstMessageLate();
  void OnEndLate();

 private:
  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override { outbox_.OnWritten(ok); }
  // Nobody may be reading: the end must not wait for a read.
  void OnCancel() override { FinishAfterWrites(grpc::Status::CANCELLED); }
  void OnDone() override;
  void AnswerProbe(const v1::CoordinatorMessage& message);
  bool HandOn();

  grpc::CallbackServerContext* const context_;
  const Clock& clock_;
  const StreamLimits limits_;
  const std::shared_ptr<StreamHandle> handle_;
  const Callbacks callbacks_;
  Outbox<ControlStream, v1::WorkerMessage> outbox_{this};
  std::atomic<bool> is_broken_off_ = false;
  std::atomic<bool> has_spoken_ = false;
  std::atomic<bool> is_ending_ = false;
  grpc::Alarm first_message_alarm_;
  grpc::Alarm end_alarm_;
  v1::CoordinatorMessage incoming_;
};

}  // namespace drumfire
