// The worker's end of a control stream (gRPC callback API): reads messages and hands them on,
// answers clock probes at once.
#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <functional>
#include <memory>

#include "common/clock/clock.h"
#include "common/control/outbox.h"
#include "common/sync/mutex.h"
#include "drumfire/v1/control.grpc.pb.h"

namespace drumfire {

// Keeps a stream reachable for as long as it lives; safe to use when it is gone. Any thread.
class ControlStream;
class StreamHandle {
 public:
  void Send(v1::WorkerMessage message);
  // Ends the stream once what was sent is written.
  void Finish(const grpc::Status& status);
  void Reset(ControlStream* stream);

 private:
  Mutex mutex_;
  ControlStream* stream_ ABSL_GUARDED_BY(mutex_) = nullptr;
};

class ControlStream : public grpc::ServerBidiReactor<v1::CoordinatorMessage, v1::WorkerMessage> {
 public:
  struct Callbacks {  // on gRPC's threads
    std::function<void(v1::CoordinatorMessage)> on_message;
    std::function<void()> on_closed;
  };

  // Deletes itself when gRPC is done with it. handle is pointed at it until then. context is the
  // call's.
  ControlStream(grpc::CallbackServerContext* context, const Clock& clock,
                std::shared_ptr<StreamHandle> handle, Callbacks callbacks);

  // A coordinator that lets kMaxQueuedMessages pile up is broken off, since a message that is left
  // out would be a gap in its sequence.
  void Send(v1::WorkerMessage message);
  void FinishAfterWrites(const grpc::Status& status);

 private:
  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override { outbox_.OnWritten(ok); }
  void OnCancel() override {}
  void OnDone() override;
  void AnswerProbe(const v1::CoordinatorMessage& message);

  grpc::CallbackServerContext* const context_;
  const Clock& clock_;
  const std::shared_ptr<StreamHandle> handle_;
  const Callbacks callbacks_;
  Outbox<ControlStream, v1::WorkerMessage> outbox_{this};
  std::atomic<bool> is_broken_off_ = false;
  v1::CoordinatorMessage incoming_;
};

}  // namespace drumfire
