#include "worker/session/run_session.h"

#include <utility>

#include "common/control/limits.h"
#include "common/control/printable.h"
#include "common/plan/digest.h"

namespace drumfire {

RunSession::RunSession(RunResources* resources, bool log_runs, const v1::Hello& hello,
                       std::shared_ptr<StreamHandle> stream, std::function<void()> on_ended)
    : clock_(resources->clock()),
      began_ns_(clock_.MonotonicNs()),
      on_ended_(std::move(on_ended)),
      stream_(std::move(stream)),
      owner_{.run_id = HexEncode(hello.run_id()).substr(0, kLongestOwnerBytes),
             .name = Printable(hello.owner(), kLongestOwnerBytes)},
      run_(resources, this, log_runs),
      loop_(&run_, this) {
  runner_ = resources->runners().Run(this, nullptr);
  runner_->Post([this] { run_.Attach(&loop_.session(), runner_.get()); });
}

RunSession::~RunSession() { over_.get_future().wait(); }

bool RunSession::OnMessage(v1::CoordinatorMessage message) {
  const size_t bytes = message.ByteSizeLong();
  const bool may_read_on = queued_.Add(bytes);
  const bool has_room =
      runner_->TryPost([this, bytes, message = std::move(message)] { Take(message, bytes); });
  if (!has_room) {
    stream_->Finish({grpc::StatusCode::RESOURCE_EXHAUSTED, "too many messages at once"});
  }
  return may_read_on;
}

void RunSession::Take(const v1::CoordinatorMessage& message, size_t bytes) {
  loop_.OnMessage(message, clock_.MonotonicNs());
  if (queued_.Remove(bytes)) stream_->Resume();
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
