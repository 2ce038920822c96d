// A loop on a thread of its own.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>

#include "common/clock/clock.h"
#include "common/loop/loop.h"
#include "common/mailbox/mailbox.h"
#include "common/sync/mutex.h"

namespace drumfire {

// Waits on a condition variable: for loops that have no descriptor to watch.
class SleepingWaiter : public LoopWaiter {
 public:
  // clock is not owned; its monotonic time must be the machine's.
  explicit SleepingWaiter(const Clock& clock) : clock_(clock) {}
  void WaitUntil(int64_t until_ns) override;
  void Wake() override;

 private:
  const Clock& clock_;
  Mutex mutex_;
  CondVar changed_;
  bool is_woken_ ABSL_GUARDED_BY(mutex_) = false;
};

class LoopThread : public LoopRunner {
 public:
  // loop, clock and waiter are not owned; without a waiter a SleepingWaiter is used.
  LoopThread(Loop* loop, const Clock& clock, LoopWaiter* waiter = nullptr);
  // Ends the step or the wait that runs, and joins.
  ~LoopThread() override;

  void Post(std::function<void()> task) override;
  void PostAlways(std::function<void()> task) override;
  bool TryPost(std::function<void()> task) override;
  void Wake() override { waiter_->Wake(); }

 private:
  void Run();

  Loop* const loop_;
  const Clock& clock_;
  const std::unique_ptr<SleepingWaiter> own_waiter_;  // null when another one is used
  LoopWaiter* const waiter_;
  Mailbox<std::function<void()>> tasks_{kMaxLoopTasks};
  std::atomic<bool> is_stopping_ = false;
  std::thread thread_;
};

class LoopThreads : public LoopRunners {
 public:
  // clock is not owned.
  explicit LoopThreads(const Clock& clock) : clock_(clock) {}
  std::unique_ptr<LoopRunner> Run(Loop* loop, LoopWaiter* waiter) override {
    return std::make_unique<LoopThread>(loop, clock_, waiter);
  }

 private:
  const Clock& clock_;
};

}  // namespace drumfire
