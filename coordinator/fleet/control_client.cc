#include "coordinator/fleet/control_client.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/clock/clock.h"
#include "common/control/limits.h"

namespace drumfire {
namespace {

constexpr auto kGoodbyeLimit = std::chrono::seconds(2);

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMaxControlMessageBytes);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 20);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 20);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 500);
  // Streams to several workers must not share one connection's fate.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  // The fleet is reached directly: a proxy for the web is none for workers.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace

ControlClient::ControlClient(uint32_t worker, const std::string& address,
                             Mailbox<FleetEvent>* events)
    : worker_(worker), events_(events), stub_(v1::Worker::NewStub(MakeChannel(address))) {
  context_.set_wait_for_ready(true);
  stub_->async()->Run(&context_, this);
  AddHold();  // writes start from other threads
  StartRead(&incoming_);
  StartCall();
}

// A worker that was told to finish gets a moment to end the stream itself.
ControlClient::~ControlClient() {
  std::unique_lock lock(mutex_);
  if (closing_) done_changed_.wait_for(lock, kGoodbyeLimit, [this] { return done_; });
  lock.unlock();
  CloseAfterWrites();
  context_.TryCancel();
  lock.lock();
  done_changed_.wait(lock, [this] { return done_; });
}

void ControlClient::CloseAfterWrites() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  outbox_.CloseAfterWrites([this] {
    StartWritesDone();
    RemoveHold();
  });
}

void ControlClient::OnReadDone(bool ok) {
  if (!ok) return;
  FleetEvent event;
  event.worker = worker_;
  event.received_ns = SystemClock().MonotonicNs();
  event.message = std::move(incoming_);
  events_->Push(std::move(event));
  incoming_.Clear();
  StartRead(&incoming_);
}

void ControlClient::OnDone(const grpc::Status& status) {
  FleetEvent event;
  event.worker = worker_;
  event.closed = true;
  event.close_reason = status.ok() ? "the worker ended the stream"
                                   : absl::StrCat("the stream broke: ", status.error_message());
  events_->Push(std::move(event));
  const std::lock_guard lock(mutex_);
  done_ = true;
  done_changed_.notify_all();
}

}  // namespace drumfire
