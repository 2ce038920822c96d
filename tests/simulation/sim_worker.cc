#include "tests/simulation/sim_worker.h"

#include <utility>

namespace drumfire::simulation {
namespace {

constexpr int64_t kLongestLoadNs = 200 * kNsPerMs;

}  // namespace

SimWorker::Session::Session(SimWorker* worker, ControlEnd* end)
    : resources(worker->scenario_, worker->number_, worker->world_, &worker->clock_,
                &worker->loops_, worker->workload_, worker->records_, worker->checker_),
      run(worker->scenario_, worker->number_, &worker->clock_, worker->checker_, &resources, end),
      loop(&run, end),
      runner(worker->loops_.RunSimulated(&loop, nullptr)) {
  run.Attach(&loop.session(), runner.get());
}

SimWorker::SimWorker(const Scenario& scenario, uint32_t place, World* world,
                     std::shared_ptr<const Workload> workload, RecordStreams* records,
                     Checker* checker)
    : scenario_(scenario),
      place_(place),
      world_(world),
      workload_(std::move(workload)),
      records_(records),
      checker_(checker),
      clock_(world, scenario.clock_offset_ns[place]),
      loops_(world, &clock_),
      number_(place) {}

bool SimWorker::OnDial(ControlEnd* stream, uint32_t number) {
  if (!is_up_ || paused_) return false;
  if (!is_free()) {
    Refuse(stream);
    return true;
  }
  stream_ = stream;
  number_ = number;
  session_ = std::make_unique<Session>(this, stream);
  return true;
}

void SimWorker::Refuse(ControlEnd* stream) {
  v1::WorkerMessage message;
  message.mutable_refused()->set_reason("it has an owner");
  stream->Send(std::move(message));
  stream->Finish();
}

void SimWorker::OnMessage(const ControlEnd* from, const v1::CoordinatorMessage& message) {
  if (paused_) {
    unread_.push_back([this, from, message] { Handle(from, message); });
  } else {
    Handle(from, message);
  }
}

void SimWorker::Handle(const ControlEnd* from, const v1::CoordinatorMessage& message) {
  if (session_ == nullptr || from != stream_) return;
  if (message.has_clock_probe()) {
    AnswerProbe(message);
  } else {
    if (!std::exchange(session_->has_begun, true)) BeginLoading();
    session_->runner->Post(
        [this, message] { session_->loop.OnMessage(message, clock_.MonotonicNs()); });
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

void SimWorker::OnStreamClosed(const ControlEnd* from) {
  const auto close = [this, from] {
    if (session_ == nullptr || from != stream_) return;
    session_->runner->Post([this] { session_->loop.OnStreamClosed(); });
  };
  if (paused_) {
    unread_.push_back(close);
  } else {
    close();
  }
}

// Loading keeps the session's loop busy; a worker that never gets ready stays so.
void SimWorker::BeginLoading() {
  const bool never = scenario_.faults.Has(Fault::kNeverReady) && place_ == 0;
  session_->runner->BlockUntil(
      never ? kNever : world_->now_ns() + world_->draws().Between(0, kLongestLoadNs));
}

void SimWorker::Crash() {
  is_up_ = false;
  paused_ = false;
  loops_.Resume();
  unread_.clear();
  session_.reset();
  checker_->OnPaused(number_, false);
  checker_->OnStopped(number_);
}

void SimWorker::Pause() {
  paused_ = true;
  loops_.Stop();
  checker_->OnPaused(number_, true);
}

void SimWorker::Resume() {
  if (!std::exchange(paused_, false)) return;
  checker_->OnPaused(number_, false);
  for (const auto& handle : std::exchange(unread_, {})) handle();
  loops_.Resume();
}

}  // namespace drumfire::simulation
