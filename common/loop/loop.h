// A loop without a thread: it gets tasks and the time, does one step, and says when it wants the
// next one. LoopThread runs a loop on a thread; the simulated fleet runs the same objects in
// simulated time.
//
//   class Pinger : public Loop {
//     int64_t Step(int64_t now_ns) override {
//       if (now_ns >= next_ns_) { Ping(); next_ns_ = now_ns + kNsPerSecond; }
//       return next_ns_;
//     }
//   };
//   Pinger pinger;
//   LoopThread thread(&pinger, SystemClock());
//   thread.Post([&] { pinger.PingNow(); });   // on the pinger's thread
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "common/clock/clock.h"

namespace drumfire {

class Loop {
 public:
  virtual ~Loop() = default;
  // Does what is due at now_ns (monotonic) without waiting. Returns when to be called next at the
  // latest: kNever = only after a task or a wake-up, a time that has passed = at once.
  virtual int64_t Step(int64_t now_ns) = 0;
};

// How a loop waits between two steps. A loop that reads sockets waits in its own poll call.
class LoopWaiter {
 public:
  virtual ~LoopWaiter() = default;
  // The loop's thread: returns at until_ns (monotonic; at once when that has passed), after a Wake
  // since the last call, or earlier.
  virtual void WaitUntil(int64_t until_ns) = 0;
  // Any thread.
  virtual void Wake() = 0;
};

// Tasks that may wait for one loop before TryPost refuses and Post waits.
constexpr size_t kMaxLoopTasks = 1 << 16;

// Runs one loop: the tasks posted by now, in order, then a step, then a wait.
class LoopRunner {
 public:
  // Ends the loop: no task and no step runs after it. Tasks that have not run are dropped.
  virtual ~LoopRunner() = default;

  // The task runs before the next step. Any thread.
  // Waits while kMaxLoopTasks wait. Only from where the loop never waits.
  virtual void Post(std::function<void()> task) = 0;
  // Never waits: for tasks whose number something else bounds.
  virtual void PostAlways(std::function<void()> task) = 0;
  // False, and the task is gone, when kMaxLoopTasks wait.
  [[nodiscard]] virtual bool TryPost(std::function<void()> task) = 0;
  // A step soon. Any thread.
  virtual void Wake() = 0;
};

// Makes runners: threads in production, events of one world in the simulation.
class LoopRunners {
 public:
  virtual ~LoopRunners() = default;
  // The loop, and the waiter where there is one, must outlive the runner; null = the runner's own
  // way to wait.
  virtual std::unique_ptr<LoopRunner> Run(Loop* loop, LoopWaiter* waiter) = 0;
};

}  // namespace drumfire
