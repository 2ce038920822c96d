// A worker's I/O loop over a fake engine, on a phase's clock: machine times outside, the phase's
// times inside.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>

#include "common/loop/loop.h"
#include "tools/fleet_sim/fake_engine.h"
#include "tools/fleet_sim/phase_clock.h"

namespace drumfire::fleet_sim {

class PacedLoop : public Loop, public LoopWaiter {
 public:
  // Nothing is owned.
  PacedLoop(Loop* loop, LoopWaiter* waiter, const FakeEngine* engine, const PhaseClock* clock)
      : loop_(loop), waiter_(waiter), engine_(engine), clock_(clock) {}

  int64_t Step(int64_t now_ns) override {
    const int64_t next_ns = loop_->Step(clock_->FromMachine(now_ns));
    return clock_->ToMachine(std::min(next_ns, engine_->NextAnswerNs()));
  }
  void WaitUntil(int64_t until_ns) override { waiter_->WaitUntil(clock_->FromMachine(until_ns)); }
  void Wake() override { waiter_->Wake(); }

 private:
  Loop* const loop_;
  LoopWaiter* const waiter_;
  const FakeEngine* const engine_;
  const PhaseClock* const clock_;
};

// A runner with the loop that it runs.
class PacedRunner : public LoopRunner {
 public:
  PacedRunner(std::unique_ptr<PacedLoop> loop, LoopRunners* runners)
      : loop_(std::move(loop)), runner_(runners->Run(loop_.get(), loop_.get())) {}

  void Post(std::function<void()> task) override { runner_->Post(std::move(task)); }
  void PostAlways(std::function<void()> task) override { runner_->PostAlways(std::move(task)); }
  bool TryPost(std::function<void()> task) override { return runner_->TryPost(std::move(task)); }
  void Wake() override { runner_->Wake(); }

 private:
  const std::unique_ptr<PacedLoop> loop_;
  const std::unique_ptr<LoopRunner> runner_;
};

}  // namespace drumfire::fleet_sim
