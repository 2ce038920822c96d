#include "tools/fleet_sim/shared_loops.h"

#include <deque>
#include <utility>

namespace drumfire::fleet_sim {
namespace {

class SharedRunner : public LoopRunner, private Sleeper {
 public:
  SharedRunner(SharedThread* thread, const Clock& clock, Loop* loop, LoopWaiter* waiter)
      : thread_(thread), clock_(clock), loop_(loop), waiter_(waiter) {
    Wake();
  }
  ~SharedRunner() override {
    thread_->Forget(this);
    if (is_gone_ != nullptr) *is_gone_ = true;
  }

  // Nobody waits on the thread that all share.
  void Post(std::function<void()> task) override {
    tasks_.push_back(std::move(task));
    Wake();
  }
  void PostAlways(std::function<void()> task) override { Post(std::move(task)); }
  bool TryPost(std::function<void()> task) override {
    if (tasks_.size() >= kMaxLoopTasks) return false;
    Post(std::move(task));
    return true;
  }
  void Wake() override { thread_->WakeAt(this, clock_.MonotonicNs()); }

 private:
  void OnWake() override {
    bool is_gone = false;  // a task may end this runner
    is_gone_ = &is_gone;
    RunTurn(is_gone);
    if (!is_gone) is_gone_ = nullptr;
  }
  void RunTurn(const bool& is_gone) {
    if (waiter_ != nullptr) waiter_->WaitUntil(clock_.MonotonicNs());
    while (!tasks_.empty()) {
      const std::function<void()> task = std::move(tasks_.front());
      tasks_.pop_front();
      task();
      if (is_gone) return;
    }
    const int64_t next_ns = loop_->Step(clock_.MonotonicNs());
    if (!is_gone && next_ns != kNever) thread_->WakeAt(this, next_ns);
  }

  SharedThread* const thread_;
  const Clock& clock_;
  Loop* const loop_;
  LoopWaiter* const waiter_;
  std::deque<std::function<void()>> tasks_;
  bool* is_gone_ = nullptr;
};

}  // namespace

std::unique_ptr<LoopRunner> SharedLoops::Run(Loop* loop, LoopWaiter* waiter) {
  return std::make_unique<SharedRunner>(thread_, clock_, loop, waiter);
}

}  // namespace drumfire::fleet_sim
