#include "common/loop/loop_thread.h"

#include <chrono>
#include <utility>

namespace drumfire {

void SleepingWaiter::WaitUntil(int64_t until_ns) {
  const MutexLock lock(&mutex_);
  if (until_ns == kNever) {
    while (!is_woken_) changed_.Wait(&mutex_);
  } else {
    const auto wait = std::chrono::nanoseconds(until_ns - clock_.MonotonicNs());
    const auto deadline = std::chrono::steady_clock::now() + wait;
    while (!is_woken_ && changed_.WaitUntil(&mutex_, deadline)) continue;
  }
  is_woken_ = false;
}

void SleepingWaiter::Wake() {
  {
    const MutexLock lock(&mutex_);
    is_woken_ = true;
  }
  changed_.NotifyOne();
}

LoopThread::LoopThread(Loop* loop, const Clock& clock, LoopWaiter* waiter)
    : loop_(loop),
      clock_(clock),
      own_waiter_(waiter == nullptr ? std::make_unique<SleepingWaiter>(clock) : nullptr),
      waiter_(waiter == nullptr ? own_waiter_.get() : waiter),
      thread_([this] { Run(); }) {}

LoopThread::~LoopThread() {
  is_stopping_ = true;
  waiter_->Wake();
  thread_.join();
}

void LoopThread::Post(std::function<void()> task) {
  tasks_.PushWhenRoom(std::move(task));
  waiter_->Wake();
}

void LoopThread::PostAlways(std::function<void()> task) {
  tasks_.PushAlways(std::move(task));
  waiter_->Wake();
}

bool LoopThread::TryPost(std::function<void()> task) {
  if (!tasks_.Push(std::move(task))) return false;
  waiter_->Wake();
  return true;
}

void LoopThread::Run() {
  while (!is_stopping_) {
    for (const auto& task : tasks_.TakeAll()) task();
    waiter_->WaitUntil(loop_->Step(clock_.MonotonicNs()));
  }
}

}  // namespace drumfire
