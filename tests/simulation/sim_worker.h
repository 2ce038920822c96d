// A worker's process on a host of its own: it starts, maybe late, takes one run at a time, and may
// be stopped, killed and started again.
#pragma once

#include <memory>
#include <vector>

#include "tests/simulation/sim_loops.h"
#include "tests/simulation/sim_resources.h"
#include "tests/simulation/watched_run.h"
#include "worker/session/session_loop.h"

namespace drumfire::simulation {

class SimWorker {
 public:
  // Nothing is owned; records and checker must outlive the world's events, as must the worker.
  SimWorker(const Scenario& scenario, uint32_t place, World* world,
            std::shared_ptr<const Workload> workload, RecordStreams* records, Checker* checker);

  // --- the stream ---
  // False while the process is not up: the dialler tries again.
  // number: what the fleet calls it. While it has an owner it refuses.
  bool OnDial(ControlEnd* stream, uint32_t number);
  void OnMessage(const ControlEnd* from, const v1::CoordinatorMessage& message);
  void OnStreamClosed(const ControlEnd* from);

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
  bool is_free() const {
    return session_ == nullptr || (session_->loop.done() && session_->run.is_free());
  }
  uint32_t in_flight() const {
    return session_ == nullptr || session_->run.is_free() ? 0 : session_->resources.in_flight();
  }

 private:
  // One run, as RunSession puts it together.
  struct Session {
    Session(SimWorker* worker, ControlEnd* end);
    SimResources resources;
    WatchedRun run;
    SessionLoop loop;
    std::unique_ptr<SimLoopRunner> runner;
    bool has_begun = false;  // the first message came
  };

  void BeginLoading();
  void Handle(const ControlEnd* from, const v1::CoordinatorMessage& message);
  static void Refuse(ControlEnd* stream);
  void AnswerProbe(const v1::CoordinatorMessage& message);

  const Scenario& scenario_;
  const uint32_t place_;
  World* const world_;
  const std::shared_ptr<const Workload> workload_;
  RecordStreams* const records_;
  Checker* const checker_;
  HostClock clock_;
  SimLoops loops_;
  bool is_up_ = false;
  bool paused_ = false;
  ControlEnd* stream_ = nullptr;
  uint32_t number_ = 0;  // in the fleet, of the session
  std::unique_ptr<Session> session_;
  std::vector<std::function<void()>> unread_;  // came while it was stopped
};

}  // namespace drumfire::simulation
