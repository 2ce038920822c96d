#include "worker/session/run_session.h"

#include <chrono>
#include <utility>

#include "common/control/limits.h"
#include "common/control/printable.h"
#include "common/plan/digest.h"

namespace drumfire {
namespace {

constexpr auto kTick = std::chrono::milliseconds(100);

}  // namespace

RunSession::RunSession(LoadRunnerOptions options, ChunkStore* chunks, const Clock& clock,
                       std::function<void()> on_ended)
    : clock_(clock),
      began_ns_(clock.MonotonicNs()),
      on_ended_(std::move(on_ended)),
      load_(
          std::move(options), chunks, clock,
          [this](v1::WorkerMessage message) { stream_->Send(std::move(message)); },
          [this](std::function<void()> task) { Post(std::move(task)); }),
      session_(&load_) {
  load_.set_session(&session_);
  thread_ = std::thread([this] { Run(); });
}

RunSession::~RunSession() { thread_.join(); }

void RunSession::OnMessage(v1::CoordinatorMessage message) {
  if (message.has_hello()) {
    const std::lock_guard lock(mutex_);
    owner_.run_id = HexEncode(message.hello().run_id());
    owner_.name = Printable(message.hello().owner(), kLongestOwnerBytes);
  }
  const bool has_room = tasks_.Push(
      [this, message = std::move(message)] { session_.OnMessage(message, clock_.MonotonicNs()); });
  if (has_room) return;
  stream_->Finish({grpc::StatusCode::RESOURCE_EXHAUSTED, "too many messages at once"});
}

void RunSession::OnStreamClosed() {
  Post([this] {
    stream_closed_ = true;
    session_.OnStreamClosed();
  });
}

void RunSession::Stop() {
  Post([this] { session_.OnStreamClosed(); });
}

RunOwner RunSession::owner() const {
  const std::lock_guard lock(mutex_);
  RunOwner owner = owner_;
  owner.owned_ns = clock_.MonotonicNs() - began_ns_;
  return owner;
}

std::string RunSession::phase() const {
  const std::lock_guard lock(mutex_);
  return phase_;
}

void RunSession::PublishPhase() {
  const std::lock_guard lock(mutex_);
  phase_ = load_.phase_name();
}

// All that has come by now, so that a lease is never judged with its heartbeat still in the queue.
void RunSession::RunTasks() {
  if (const auto first = tasks_.Pop(kTick)) (*first)();
  for (const auto& task : tasks_.TakeAll()) task();
}

void RunSession::Run() {
  while (!stream_closed_) {
    RunTasks();
    session_.OnTick(clock_.MonotonicNs());
    load_.OnTick(clock_.MonotonicNs());
    PublishPhase();
    if (session_.closed() && !ended_.exchange(true)) stream_->Finish(grpc::Status::OK);
  }
  ended_ = true;
  done_ = true;
  on_ended_();
}

}  // namespace drumfire
