// The threads of one simulated process: each loop's turns are events of the world. A process that
// is stopped (SIGSTOP) has no turns and makes up for them when it goes on. A turn runs whole, as
// one event.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "common/loop/loop.h"
#include "tests/simulation/world.h"

namespace drumfire::simulation {

class SimLoops;

class SimLoopRunner : public LoopRunner {
 public:
  // A thread runs at most so long after it was woken, unless it is slowed down.
  static constexpr int64_t kUsualWakeNs = 100 * kNsPerUs;

  SimLoopRunner(SimLoops* loops, Loop* loop, LoopWaiter* waiter);
  ~SimLoopRunner() override;

  void Post(std::function<void()> task) override;
  void PostAlways(std::function<void()> task) override { Post(std::move(task)); }
  bool TryPost(std::function<void()> task) override {
    Post(std::move(task));
    return true;
  }
  // Soon, as fast as threads are woken.
  void Wake() override;

  // Has no turn before that (world time): the loop is busy with something that is not simulated.
  void BlockUntil(int64_t time_ns) { blocked_until_ns_ = time_ns; }
  void Resume();
  // Each of its turns is up to so long late.
  void SlowDown(int64_t longest_ns) { longest_wake_ns_ = longest_ns; }
  // Forgets one task of every so many.
  void ForgetTasks(uint64_t every) { forgets_every_ = every; }
  // Wake for whoever may outlive the loop: does nothing then.
  std::function<void()> Waker();

 private:
  void WakeAt(int64_t time_ns);
  void Turn();
  void RunTurn();

  SimLoops* const loops_;
  Loop* const loop_;
  LoopWaiter* const waiter_;
  std::deque<std::function<void()>> tasks_;
  std::shared_ptr<int64_t> due_ns_;  // events that find it gone do nothing
  int64_t blocked_until_ns_ = 0;
  bool has_missed_ = false;
  int64_t longest_wake_ns_ = kUsualWakeNs;
  uint64_t forgets_every_ = 0;  // 0 = none
  uint64_t posted_ = 0;
};

class SimLoops : public LoopRunners {
 public:
  // Neither is owned.
  SimLoops(World* world, const HostClock* clock) : world_(world), clock_(clock) {}

  std::unique_ptr<LoopRunner> Run(Loop* loop, LoopWaiter* waiter) override {
    return RunSimulated(loop, waiter);
  }
  std::unique_ptr<SimLoopRunner> RunSimulated(Loop* loop, LoopWaiter* waiter) {
    return std::make_unique<SimLoopRunner>(this, loop, waiter);
  }
  // Whose turn it is; null = nobody's.
  SimLoopRunner* running() const { return running_; }
  // As SimLoopRunner's, unless the loop has ended.
  void BlockUntil(SimLoopRunner* runner, int64_t time_ns);
  void Stop() { is_stopped_ = true; }
  void Resume();

 private:
  friend class SimLoopRunner;
  World* const world_;
  const HostClock* const clock_;
  bool is_stopped_ = false;
  std::vector<SimLoopRunner*> runners_;
  SimLoopRunner* running_ = nullptr;
};

}  // namespace drumfire::simulation
