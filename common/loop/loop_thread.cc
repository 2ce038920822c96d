#include "common/loop/loop_thread.h"

#include <chrono>
#include <utility>

namespace drumfire {

void SleepingWaiter::WaitUntil(int64_t until_ns) {
  const MutexLock lock(&mutex_);
  const auto deadline =
      std::chrono::steady_clock::now() +
      std::chrono::nanoseconds(until_ns == kNever ? 0 : until_ns - clock_.MonotonicNs());
  while (!is_woken_) {
    if (until_ns == kNever) {
      changed_.Wait(&mutex_);
    } else if (!changed_.WaitUntil(&mutex_, deadline)) {
      break;
    }
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
    const int64_t now_ns = clock_.MonotonicNs();
    const int64_t next_ns = loop_->Step(now_ns);
    if (next_ns > now_ns) waiter_->WaitUntil(next_ns);
  }
}

}  // namespace drumfire
