// The parts of a run that concern the fleet alone: taking all workers from the dial to a known
// clock, and the last look at their clocks. Nothing is owned.
//
//   ConnectStage stage(&fleet, [&] { return stop.count() > 0; }, clock.MonotonicNs());
//   Drive(&stage, &fleet, clock);
//   if (!stage.status().ok()) ...
#pragma once

#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "coordinator/fleet/fleet.h"
#include "coordinator/fleet/run_stage.h"

namespace drumfire {

// Dials one worker after the other, hears those that answer meanwhile, and is over when each is
// loaded, has had a heartbeat answered, and its clock is known. Any refusal or loss ends it.
class ConnectStage : public RunStage {
 public:
  // is_stopped: the user wants no run any more; asked at each step.
  ConnectStage(Fleet* fleet, std::function<bool()> is_stopped, int64_t now_ns);

  // Once it is over. CANCELLED: stopped; DEADLINE_EXCEEDED: not within FleetOptions.ready_timeout;
  // all others name the worker that failed.
  const absl::Status& status() const { return status_; }
  bool is_over() const override { return state_ == State::kOver; }
  bool Handle(const FleetEvent& event) override;
  int64_t Step(int64_t now_ns) override;

 private:
  enum class State { kLoading, kProbing, kOver };

  void End(absl::Status status);
  bool HasArrived() const;
  absl::Status Late() const;
  absl::Status StillLoading() const;
  absl::Status StillProbing() const;

  Fleet* const fleet_;
  const std::function<bool()> is_stopped_;
  const int64_t deadline_ns_;
  State state_ = State::kLoading;
  absl::Status status_;
};

// Probes all clocks a last time, for the report. Over after a moment, even if workers have not
// answered.
class LastProbesStage : public RunStage {
 public:
  LastProbesStage(Fleet* fleet, int64_t now_ns);

  bool is_over() const override { return is_over_; }
  bool Handle(const FleetEvent&) override { return true; }
  int64_t Step(int64_t now_ns) override;

 private:
  Fleet* const fleet_;
  const int64_t until_ns_;
  bool is_over_ = false;
};

}  // namespace drumfire
