// A worker's process on a host of its own: it starts, maybe late, takes one run at a time, and may
// be stopped, killed and started again.
#pragma once

#include <memory>
#include <vector>

#include "tests/simulation/sim_session.h"

namespace drumfire::simulation {

class SimWorker {
 public:
  // Nothing is owned; records and checker must outlive the world's events, as must the worker.
  SimWorker(const Scenario& scenario, uint32_t place, World* world, const Dataset* dataset,
            RecordLink* records, Checker* checker);

  // --- the stream ---
  // False while the process is not up: the dialler tries again.
  // number: what the fleet calls it. While it has an owner it refuses.
  bool OnDial(WorkerEnd* stream, uint32_t number);
  void OnMessage(const WorkerEnd* from, const v1::CoordinatorMessage& message);
  void OnStreamClosed(const WorkerEnd* from);

  // --- what happens to it ---
  void Start() { is_up_ = true; }
  void Crash();
  void Pause();
  void Resume();
  void StepWall(int64_t ns) { clock_.StepWall(ns); }

  bool is_up() const { return is_up_; }
  bool paused() const { return paused_; }
  const HostClock& clock() const { return clock_; }
  // Nothing of any run is left.
  bool is_free() const { return session_ == nullptr || session_->ended(); }
  uint32_t in_flight() const { return session_ == nullptr ? 0 : session_->in_flight(); }

 private:
  void Handle(const WorkerEnd* from, const v1::CoordinatorMessage& message);
  static void Refuse(WorkerEnd* stream);
  void AnswerProbe(const v1::CoordinatorMessage& message);

  const Scenario& scenario_;
  const uint32_t place_;
  World* const world_;
  const Dataset* const dataset_;
  RecordLink* const records_;
  Checker* const checker_;
  HostClock clock_;
  bool is_up_ = false;
  bool paused_ = false;
  WorkerEnd* stream_ = nullptr;
  uint32_t number_ = 0;  // of the session
  std::unique_ptr<SimSession> session_;
  std::vector<std::function<void()>> unread_;  // came while it was stopped
};

}  // namespace drumfire::simulation
