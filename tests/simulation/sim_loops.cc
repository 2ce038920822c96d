#include "tests/simulation/sim_loops.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace drumfire::simulation {
SimLoopRunner::SimLoopRunner(SimLoops* loops, Loop* loop, LoopWaiter* waiter)
    : loops_(loops), loop_(loop), waiter_(waiter), due_ns_(std::make_shared<int64_t>(kNever)) {
  loops_->runners_.push_back(this);
  Wake();
}

SimLoopRunner::~SimLoopRunner() { std::erase(loops_->runners_, this); }

void SimLoopRunner::Post(std::function<void()> task) {
  const bool is_forgotten = forgets_every_ > 0 && ++posted_ % forgets_every_ == 0;
  if (!is_forgotten) tasks_.push_back(std::move(task));
  Wake();
}

void SimLoopRunner::Wake() {
  World& world = *loops_->world_;
  WakeAt(world.now_ns() + world.draws().Between(0, longest_wake_ns_));
}

std::function<void()> SimLoopRunner::Waker() {
  return [this, alive = std::weak_ptr(due_ns_)] {
    if (!alive.expired()) Wake();
  };
}

void SimLoopRunner::WakeAt(int64_t time_ns) {
  if (blocked_until_ns_ == kNever) return;
  const int64_t due_ns = std::max(time_ns, blocked_until_ns_);
  if (due_ns >= *due_ns_) return;
  *due_ns_ = due_ns;
  loops_->world_->At(due_ns, [this, due_ns, weak = std::weak_ptr(due_ns_)] {
    const auto due = weak.lock();
    if (due != nullptr && *due == due_ns) Turn();
  });
}

void SimLoopRunner::Resume() {
  if (std::exchange(has_missed_, false)) Wake();
}

void SimLoopRunner::Turn() {
  *due_ns_ = kNever;
  if (loops_->world_->now_ns() < blocked_until_ns_) return WakeAt(blocked_until_ns_);
  if (loops_->is_stopped_) {
    has_missed_ = true;
  } else {
    SimLoops* const loops = loops_;  // a task may end this loop
    loops->running_ = this;
    RunTurn();
    loops->running_ = nullptr;
  }
}

// As a thread does it, but for the wait: what came while it waited, the tasks, a step.
void SimLoopRunner::RunTurn() {
  const std::weak_ptr<int64_t> alive = due_ns_;
  const int64_t now_ns = loops_->clock_->MonotonicNs();
  if (waiter_ != nullptr) waiter_->WaitUntil(now_ns);
  while (!tasks_.empty()) {
    const std::function<void()> task = std::move(tasks_.front());
    tasks_.pop_front();
    task();
    if (alive.expired()) return;  // the task ended this loop
  }
  const int64_t next_ns = loop_->Step(now_ns);
  if (alive.expired() || next_ns == kNever) return;
  next_ns > now_ns ? WakeAt(loops_->clock_->ToWorld(next_ns)) : Wake();
}

void SimLoops::BlockUntil(SimLoopRunner* runner, int64_t time_ns) {
  if (std::count(runners_.begin(), runners_.end(), runner) > 0) runner->BlockUntil(time_ns);
}

void SimLoops::Resume() {
  is_stopped_ = false;
  for (SimLoopRunner* runner : std::vector(runners_)) runner->Resume();
}

}  // namespace drumfire::simulation
