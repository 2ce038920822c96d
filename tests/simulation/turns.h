// A thread of a simulated process, as a loop of turns: it can be woken, sleeps until a time, and
// stands still while its process is stopped. Each turn runs whole, as one event.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include "tests/simulation/world.h"

namespace drumfire::simulation {

class Turns {
 public:
  // is_stopped: of the process. A stopped process makes up for a missed turn on Resume.
  Turns(World* world, std::function<bool()> is_stopped, std::function<void()> turn)
      : world_(world), is_stopped_(std::move(is_stopped)), turn_(std::move(turn)) {}

  // The next turn is at that time or earlier; world time.
  void WakeAt(int64_t time_ns) {
    if (time_ns >= *due_ns_) return;
    *due_ns_ = time_ns;
    world_->At(time_ns, [this, time_ns, weak = std::weak_ptr(due_ns_)] {
      const auto due_ns = weak.lock();  // gone with the object
      if (due_ns != nullptr && *due_ns == time_ns) Turn();
    });
  }
  // Soon, as fast as threads are woken.
  void Wake() { WakeAt(world_->now_ns() + world_->draws().Between(0, kLongestWakeNs)); }
  void Resume() {
    if (std::exchange(missed_, false)) Wake();
  }

 private:
  static constexpr int64_t kNotDue = INT64_MAX;
  static constexpr int64_t kLongestWakeNs = 100 * kNsPerUs;

  void Turn() {
    *due_ns_ = kNotDue;
    if (is_stopped_()) {
      missed_ = true;
    } else {
      turn_();
    }
  }

  World* const world_;
  const std::function<bool()> is_stopped_;
  const std::function<void()> turn_;
  std::shared_ptr<int64_t> due_ns_ = std::make_shared<int64_t>(kNotDue);
  bool missed_ = false;
};

}  // namespace drumfire::simulation
