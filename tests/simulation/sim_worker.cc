#include "tests/simulation/sim_worker.h"

#include <utility>

namespace drumfire::simulation {
namespace {

constexpr int64_t kLongestLoadNs = 200 * kNsPerMs;

}  // namespace

SimWorker::SimWorker(const Scenario& scenario, uint32_t place, World* world, const Dataset* dataset,
                     RecordLink* records, Checker* checker)
    : scenario_(scenario),
      place_(place),
      world_(world),
      dataset_(dataset),
      records_(records),
      checker_(checker),
      clock_(world, scenario.clock_offset_ns[place]),
      number_(place) {}

bool SimWorker::OnDial(WorkerEnd* stream, uint32_t number) {
  if (!is_up_ || paused_) return false;
  if (!is_free()) {
    Refuse(stream);
    return true;
  }
  const bool never = scenario_.faults.Has(Fault::kNeverReady) && place_ == 0;
  stream_ = stream;
  number_ = number;
  session_ = std::make_unique<SimSession>(
      Surroundings{&scenario_, number, world_, &clock_, dataset_, records_, checker_,
                   [this] { return paused_; }},
      stream, never ? INT64_MAX : world_->draws().Between(0, kLongestLoadNs));
  return true;
}

void SimWorker::Refuse(WorkerEnd* stream) {
  v1::WorkerMessage message;
  message.mutable_refused()->set_reason("it has an owner");
  stream->Send(std::move(message));
  stream->Finish();
}

void SimWorker::OnMessage(const WorkerEnd* from, const v1::CoordinatorMessage& message) {
  if (paused_) {
    unread_.push_back([this, from, message] { Handle(from, message); });
  } else {
    Handle(from, message);
  }
}

void SimWorker::Handle(const WorkerEnd* from, const v1::CoordinatorMessage& message) {
  if (session_ == nullptr || from != stream_) return;
  if (message.has_clock_probe()) {
    AnswerProbe(message);
  } else {
    session_->OnMessage(message);
  }
}

// As the stream's reader does it, outside the session.
void SimWorker::AnswerProbe(const v1::CoordinatorMessage& message) {
  v1::WorkerMessage reply;
  reply.set_epoch(message.epoch());
  reply.set_plan_hash(message.plan_hash());
  reply.mutable_clock_reply()->set_number(message.clock_probe().number());
  reply.mutable_clock_reply()->set_monotonic_ns(clock_.MonotonicNs());
  reply.mutable_clock_reply()->set_wall_ns(clock_.WallNs());
  stream_->Send(std::move(reply));
}

void SimWorker::OnStreamClosed(const WorkerEnd* from) {
  const auto close = [this, from] {
    if (session_ != nullptr && from == stream_) session_->OnStreamClosed();
  };
  if (paused_) {
    unread_.push_back(close);
  } else {
    close();
  }
}

void SimWorker::Crash() {
  is_up_ = false;
  paused_ = false;
  unread_.clear();
  session_.reset();
  checker_->OnPaused(number_, false);
  checker_->OnStopped(number_);
}

void SimWorker::Pause() {
  paused_ = true;
  checker_->OnPaused(number_, true);
}

void SimWorker::Resume() {
  if (!std::exchange(paused_, false)) return;
  checker_->OnPaused(number_, false);
  for (const auto& handle : std::exchange(unread_, {})) handle();
  if (session_ != nullptr) session_->Resume();
}

}  // namespace drumfire::simulation
