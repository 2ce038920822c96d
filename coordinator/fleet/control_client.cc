#include "coordinator/fleet/control_client.h"

#include <chrono>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/clock/clock.h"
#include "common/control/keep_grpc.h"
#include "common/control/limits.h"
#include "common/credentials/transport.h"
#include "coordinator/fleet/channel_arguments.h"
#include "glog/logging.h"

namespace drumfire {
namespace {

// gRPC ends a cancelled call in milliseconds.
constexpr std::chrono::seconds kDoneLimit(30);

std::shared_ptr<grpc::Channel> MakeChannel(const WorkerAddress& address,
                                           const FleetCredentials& credentials) {
  grpc::ChannelArguments arguments = ArgumentsFor(address, credentials);
  arguments.SetMaxReceiveMessageSize(kMaxWorkerMessageBytes);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 20);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 20);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 500);
  return grpc::CreateCustomChannel(address.dial, MakeChannelCredentials(credentials), arguments);
}

}  // namespace

ControlClient::ControlClient(uint32_t worker, uint64_t epoch, const WorkerAddress& address,
                             const FleetCredentials& credentials, Mailbox<FleetEvent>* events,
                             DialCheck* dial_check)
    : worker_(worker),
      epoch_(epoch),
      address_(address),
      credentials_(credentials),
      events_(events),
      dial_check_(dial_check),
      stub_(v1::Worker::NewStub(MakeChannel(address, credentials))) {
  KeepGrpc();
  ShowToken(credentials_, &context_);
  context_.set_wait_for_ready(true);
  stub_->async()->Run(&context_, this);
  AddHold();  // writes start from other threads
  StartRead(&incoming_);
  StartCall();
}

ControlClient::~ControlClient() {
  CloseAfterWrites();
  context_.TryCancel();
  WaitUntilDone();
}

void ControlClient::WaitForEnd(absl::Duration limit) {
  const auto deadline = std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(limit);
  const MutexLock lock(&mutex_);
  if (!closing_) return;
  while (!done_ && done_changed_.WaitUntil(&mutex_, deadline)) {
  }
}

void ControlClient::Send(v1::CoordinatorMessage message) {
  if (outbox_.Push(std::move(message)) != PushResult::kFull) return;
  BreakOff(absl::StrCat("it left ", kMaxQueuedMessages, " messages untaken"));
}

// The first cause counts.
void ControlClient::BreakOff(const std::string& why) {
  {
    const MutexLock lock(&mutex_);
    if (!broken_off_.empty()) return;
    broken_off_ = why;
  }
  context_.TryCancel();
}

// gRPC still holds this object until then, so there is no way on without its word.
void ControlClient::WaitUntilDone() {
  const auto deadline = std::chrono::steady_clock::now() + kDoneLimit;
  const MutexLock lock(&mutex_);
  while (!done_) {
    if (done_changed_.WaitUntil(&mutex_, deadline)) continue;
    LOG(FATAL) << "gRPC did not end the cancelled call to " << address_.dial << " within "
               << kDoneLimit.count()
               << " s: it may have got no memory or no threads (ulimit -v, ulimit -u)";
  }
}

void ControlClient::CloseAfterWrites() {
  {
    const MutexLock lock(&mutex_);
    closing_ = true;
  }
  EndWrites();
}

void ControlClient::EndWrites() {
  outbox_.CloseAfterWrites([this] {
    StartWritesDone();
    RemoveHold();
  });
}

FleetEvent ControlClient::NewEvent() const {
  FleetEvent event;
  event.worker = worker_;
  event.epoch = epoch_;
  return event;
}

// After the last message the call may end: the hold alone would keep a broken stream open.
void ControlClient::OnReadDone(bool ok) {
  if (!ok) return EndWrites();
  heard_ = true;
  if (!left_out_) TakeIncoming();
  incoming_.Clear();
  StartRead(&incoming_);
}

void ControlClient::TakeIncoming() {
  FleetEvent event = NewEvent();
  event.received_ns = SystemClock().MonotonicNs();
  event.message = std::move(incoming_);
  if (!events_->Push(std::move(event))) {
    left_out_ = true;
    BreakOff("the coordinator has too many messages of its workers to take");
  } else if (++unhandled_ >= kMaxQueuedMessages) {
    BreakOff(absl::StrCat("it sent ", kMaxQueuedMessages, " messages faster than they were taken"));
  }
}

std::string ControlClient::CloseReason(const grpc::Status& status) {
  if (status.ok()) return "the worker ended the stream";
  {
    const MutexLock lock(&mutex_);
    if (!broken_off_.empty()) return broken_off_;
  }
  if (status.error_code() == grpc::StatusCode::UNAUTHENTICATED) return status.error_message();
  return absl::StrCat("the stream broke: ", status.error_message());
}

// gRPC only says that the socket closed.
bool ControlClient::IsSilentEnd(const grpc::Status& status) const {
  return !heard_ && status.error_code() == grpc::StatusCode::UNAVAILABLE &&
         !absl::StartsWith(address_.dial, "unix:");
}

void ControlClient::OnDone(const grpc::Status& status) {
  FleetEvent event = NewEvent();
  event.closed = true;
  event.close_reason = CloseReason(status);
  if (IsSilentEnd(status)) {
    dial_check_->OnSilentEnd(address_, std::move(event));
  } else {
    events_->PushAlways(std::move(event));
  }
  const MutexLock lock(&mutex_);
  done_ = true;
  done_changed_.NotifyAll();
}

}  // namespace drumfire
