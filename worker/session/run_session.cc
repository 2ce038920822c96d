#include "worker/session/run_session.h"

#include <utility>

#include "common/control/limits.h"
#include "common/control/printable.h"
#include "common/plan/digest.h"

namespace drumfire {

RunSession::RunSession(RunResources* resources, bool log_runs, std::function<void()> on_ended)
    : clock_(resources->clock()),
      began_ns_(clock_.MonotonicNs()),
      on_ended_(std::move(on_ended)),
      run_(resources, this, log_runs),
      loop_(&run_, this) {
  runner_ = resources->runners().Run(this, nullptr);
  runner_->Post([this] { run_.Attach(&loop_.session(), runner_.get()); });
}

RunSession::~RunSession() { over_.get_future().wait(); }

void RunSession::OnMessage(v1::CoordinatorMessage message) {
  if (message.has_hello()) {
    const MutexLock lock(&mutex_);
    owner_.run_id = HexEncode(message.hello().run_id());
    owner_.name = Printable(message.hello().owner(), kLongestOwnerBytes);
  }
  const bool has_room = runner_->TryPost(
      [this, message = std::move(message)] { loop_.OnMessage(message, clock_.MonotonicNs()); });
  if (has_room) return;
  stream_->Finish({grpc::StatusCode::RESOURCE_EXHAUSTED, "too many messages at once"});
}

void RunSession::OnStreamClosed() {
  runner_->PostAlways([this] { loop_.OnStreamClosed(); });
}

void RunSession::Stop() {
  runner_->PostAlways([this] { loop_.session().OnStreamClosed(); });
}

// The worker is free from here on: whoever sees the stream's end may take it.
void RunSession::Finish() {
  ended_ = true;
  stream_->Finish(grpc::Status::OK);
}

int64_t RunSession::Step(int64_t now_ns) {
  const int64_t next_ns = loop_.Step(now_ns);
  PublishPhase();
  if (!loop_.done() || done_) return next_ns;
  ended_ = true;
  done_ = true;
  on_ended_();
  over_.set_value();
  return kNever;
}

RunOwner RunSession::owner() const {
  const MutexLock lock(&mutex_);
  RunOwner owner = owner_;
  owner.owned_ns = clock_.MonotonicNs() - began_ns_;
  return owner;
}

std::string RunSession::phase() const {
  const MutexLock lock(&mutex_);
  return phase_;
}

void RunSession::PublishPhase() {
  const MutexLock lock(&mutex_);
  phase_ = run_.phase_name();
}

}  // namespace drumfire
