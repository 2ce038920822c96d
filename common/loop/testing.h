// Runs loops by hand in tests: all on one thread, with a clock that only the test advances.
//
//   FakeClock clock;
//   testutil::ManualLoops loops(&clock);
//   auto runner = loops.Run(&loop, nullptr);
//   runner->Post(task);
//   loops.RunUntilIdle();          // the task, a step, and all that follows from them now
//   loops.RunFor(kNsPerSecond);    // from one due time to the next
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "common/clock/clock.h"
#include "common/loop/loop.h"

namespace drumfire::testutil {

class ManualLoops : public LoopRunners {
 public:
  // clock is not owned.
  explicit ManualLoops(FakeClock* clock) : clock_(clock) {}

  std::unique_ptr<LoopRunner> Run(Loop* loop, LoopWaiter* waiter) override {
    return std::make_unique<Runner>(this, loop, waiter);
  }

  void RunUntilIdle() {
    while (Runner* ready = FirstReady()) ready->TakeStep();
  }
  // As far as so many steps go: for loops that may have work without end.
  void RunTurns(int most) {
    for (int step = 0; step < most; ++step) {
      Runner* ready = FirstReady();
      if (ready == nullptr) return;
      ready->TakeStep();
    }
  }
  void RunFor(int64_t ns) {
    const int64_t until_ns = clock_->MonotonicNs() + ns;
    RunUntilIdle();
    while (NextNs() <= until_ns) {
      clock_->Advance(std::max<int64_t>(NextNs() - clock_->MonotonicNs(), 0));
      RunUntilIdle();
    }
    clock_->Advance(until_ns - clock_->MonotonicNs());
  }

 private:
  class Runner : public LoopRunner {
   public:
    Runner(ManualLoops* loops, Loop* loop, LoopWaiter* waiter)
        : loops_(loops), loop_(loop), waiter_(waiter) {
      loops_->runners_.push_back(this);
    }
    ~Runner() override { std::erase(loops_->runners_, this); }

    void Post(std::function<void()> task) override { tasks_.push_back(std::move(task)); }
    void PostAlways(std::function<void()> task) override { tasks_.push_back(std::move(task)); }
    bool TryPost(std::function<void()> task) override {
      tasks_.push_back(std::move(task));
      return true;
    }
    void Wake() override { next_ns_ = 0; }

    bool IsReady() const { return !tasks_.empty() || next_ns_ <= loops_->clock_->MonotonicNs(); }
    int64_t next_ns() const { return next_ns_; }
    // A task may end this runner, so each is a step of its own.
    void TakeStep() {
      if (!tasks_.empty()) {
        next_ns_ = 0;  // a step follows
        const auto task = std::move(tasks_.front());
        tasks_.pop_front();
        return task();
      }
      const int64_t now_ns = loops_->clock_->MonotonicNs();
      if (waiter_ != nullptr) waiter_->WaitUntil(now_ns);
      next_ns_ = kNever;
      next_ns_ = std::min(next_ns_, loop_->Step(now_ns));
    }

   private:
    ManualLoops* const loops_;
    Loop* const loop_;
    LoopWaiter* const waiter_;
    std::deque<std::function<void()>> tasks_;
    int64_t next_ns_ = 0;
  };

  Runner* FirstReady() const {
    const auto ready = std::find_if(runners_.begin(), runners_.end(),
                                    [](const Runner* runner) { return runner->IsReady(); });
    return ready == runners_.end() ? nullptr : *ready;
  }
  int64_t NextNs() const {
    int64_t next_ns = kNever;
    for (const Runner* runner : runners_) next_ns = std::min(next_ns, runner->next_ns());
    return next_ns;
  }

  FakeClock* const clock_;
  std::vector<Runner*> runners_;
};

}  // namespace drumfire::testutil
