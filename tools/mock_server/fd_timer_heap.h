// Absolute times and the handle to wake at each: a binary heap. One thread.
#pragma once

#include <cstdint>
#include <limits>
#include <queue>
#include <vector>

namespace drumfire::mock {

constexpr int64_t kNeverNs = std::numeric_limits<int64_t>::max();

struct FdTimer {
  int64_t due_ns;  // CLOCK_MONOTONIC
  int32_t fd;
  uint32_t generation;  // of the descriptor's owner, so that a later owner is not woken
};

class FdTimerHeap {
 public:
  void Push(FdTimer timer) { heap_.push(timer); }
  // kNeverNs if empty.
  int64_t next_due_ns() const { return heap_.empty() ? kNeverNs : heap_.top().due_ns; }
  // Must not be empty.
  FdTimer Pop() {
    const FdTimer timer = heap_.top();
    heap_.pop();
    return timer;
  }

 private:
  struct Later {
    bool operator()(const FdTimer& a, const FdTimer& b) const { return a.due_ns > b.due_ns; }
  };
  std::priority_queue<FdTimer, std::vector<FdTimer>, Later> heap_;
};

}  // namespace drumfire::mock
