// The coordinator's end of one control stream (gRPC callback API). Sends in order without blocking,
// and passes received messages to the fleet's mailbox.
#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"
#include "common/control/outbox.h"
#include "common/credentials/fleet_credentials.h"
#include "common/mailbox/mailbox.h"
#include "common/sync/mutex.h"
#include "coordinator/fleet/control_links.h"
#include "coordinator/fleet/dial_check.h"
#include "coordinator/fleet/worker_address.h"
#include "drumfire/v1/control.grpc.pb.h"

namespace drumfire {

class ControlClient : private grpc::ClientBidiReactor<v1::CoordinatorMessage, v1::WorkerMessage> {
 public:
  // Dials (gRPC retries until the worker is up) and starts the stream. events and dial_check are
  // not owned; dial_check finds the cause if the stream ends before it began.
  ControlClient(uint32_t worker, uint64_t epoch, const WorkerAddress& address,
                const FleetCredentials& credentials, Mailbox<FleetEvent>* events,
                DialCheck* dial_check);
  // Cancels the stream and waits until gRPC has finished with it.
  ~ControlClient() override;

  // The fleet has taken one of its messages from the mailbox.
  void OnHandled() { --unhandled_; }
  uint64_t epoch() const { return epoch_; }
  // If kMaxQueuedMessages pile up, the stream is closed, since a skipped message would be a gap in
  // its sequence.
  void Send(v1::CoordinatorMessage message);
  // No more messages will be sent; the worker ends the stream.
  void CloseAfterWrites();
  // Waits for a worker that was asked to finish to end the stream itself, at most for limit.
  // Returns at once if CloseAfterWrites was not called.
  void WaitForEnd(absl::Duration limit);
  // The stream has ended, and the mailbox or dial_check has been notified.
  void WaitUntilDone();
  // Cancels the stream. Does not wait.
  void Cancel() { context_.TryCancel(); }

 private:
  friend class Outbox<ControlClient, v1::CoordinatorMessage>;
  void EndWrites();
  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override { outbox_.OnWritten(ok); }
  void OnDone(const grpc::Status& status) override;
  void TakeIncoming();
  void BreakOff(const std::string& why);
  FleetEvent NewEvent() const;
  std::string CloseReason(const grpc::Status& status);
  bool IsSilentEnd(const grpc::Status& status) const;

  const uint32_t worker_;
  const uint64_t epoch_;
  const WorkerAddress address_;
  const FleetCredentials credentials_;
  Mailbox<FleetEvent>* const events_;
  DialCheck* const dial_check_;
  std::unique_ptr<v1::Worker::Stub> stub_;
  grpc::ClientContext context_;
  v1::WorkerMessage incoming_;
  // Messages of this stream in the mailbox. At kMaxQueuedMessages the stream is closed.
  std::atomic<size_t> unhandled_ = 0;
  // Used only in gRPC's callbacks, which do not overlap.
  bool heard_ = false;
  bool left_out_ = false;  // a message found no room, so none after the gap is accepted
  Outbox<ControlClient, v1::CoordinatorMessage> outbox_{this};

  Mutex mutex_;
  CondVar done_changed_;
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
  bool done_ ABSL_GUARDED_BY(mutex_) = false;
  std::string broken_off_
      ABSL_GUARDED_BY(mutex_);  // reason; empty = not closed by us, or by Cancel
};

}  // namespace drumfire
