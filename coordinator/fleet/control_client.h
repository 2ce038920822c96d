// The coordinator's end of one control stream (gRPC callback API): sends in order without ever
// waiting, hands what comes to the fleet's mailbox.
#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "absl/time/time.h"
#include "common/control/outbox.h"
#include "common/credentials/fleet_credentials.h"
#include "common/mailbox/mailbox.h"
#include "coordinator/fleet/control_links.h"
#include "coordinator/fleet/dial_check.h"
#include "coordinator/fleet/worker_address.h"
#include "drumfire/v1/control.grpc.pb.h"

namespace drumfire {

class ControlClient : private grpc::ClientBidiReactor<v1::CoordinatorMessage, v1::WorkerMessage> {
 public:
  // Dials (gRPC retries until the worker is up) and starts the stream. events and dial_check, which
  // finds the cause when the stream ends before it began, are not owned.
  ControlClient(uint32_t worker, uint64_t epoch, const WorkerAddress& address,
                const FleetCredentials& credentials, Mailbox<FleetEvent>* events,
                DialCheck* dial_check);
  // Cancels the stream and waits until gRPC is done with it.
  ~ControlClient() override;

  // The fleet took one of its messages from the mailbox.
  void OnHandled() { --unhandled_; }
  uint64_t epoch() const { return epoch_; }
  // A worker that lets kMaxQueuedMessages pile up is broken off, since a message that is left out
  // would be a gap in its sequence.
  void Send(v1::CoordinatorMessage message);
  // No more messages will be sent; the worker ends the stream.
  void CloseAfterWrites();
  // Once asked to finish, a worker gets a moment to end the stream itself: waits for that, limit at
  // most. Does not wait when CloseAfterWrites was not called.
  void WaitForEnd(absl::Duration limit);
  // The stream has ended, and the mailbox or dial_check knows.
  void WaitUntilDone();
  // Breaks the stream off. Does not wait.
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
  // Messages of this stream in the mailbox. At kMaxQueuedMessages it is broken off.
  std::atomic<size_t> unhandled_ = 0;
  // gRPC's callbacks only, which are one after the other.
  bool heard_ = false;
  bool left_out_ = false;  // a message found no room: none behind the gap is taken
  Outbox<ControlClient, v1::CoordinatorMessage> outbox_{this};

  std::mutex mutex_;
  std::condition_variable done_changed_;
  bool closing_ = false;    // guarded by mutex_
  bool done_ = false;       // guarded by mutex_
  std::string broken_off_;  // why; empty = it was not, or by Cancel; guarded by mutex_
};

}  // namespace drumfire
