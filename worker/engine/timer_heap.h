// Many deadlines, earliest first: a binary heap in which every timer knows its position, so that it
// can be moved or removed in O(log n) without leaving stale entries. A deadline that only moves
// later (activity on a stream) is not updated: the timer fires at the old one, and its owner checks
// the true deadline and arms it again.
//
//     heap.ArmNoLaterThan(&timer, deadline_ns);
//     poller.Wait(heap.next_deadline_ns());
//     heap.FireDue(clock.MonotonicNs());  // calls timer.OnTimer(now_ns)
//
//
// One thread. A timer belongs to its owner and disarms itself on destruction.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "common/clock/clock.h"

namespace drumfire {

class TimerHeap;

class Timer {
 public:
  Timer() = default;
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  virtual ~Timer();

  // Called once after the deadline; the timer is then disarmed and may be armed again.
  virtual void OnTimer(int64_t now_ns) = 0;
  bool armed() const { return heap_ != nullptr; }

 private:
  friend class TimerHeap;
  TimerHeap* heap_ = nullptr;
  size_t place_ = 0;
  int64_t deadline_ns_ = kNever;
};

class TimerHeap {
 public:
  // Fires at deadline_ns (monotonic), or earlier if it was already armed for an earlier deadline.
  // kNever changes nothing.
  void ArmNoLaterThan(Timer* timer, int64_t deadline_ns);
  void Disarm(Timer* timer);
  // Fires all due timers, including those armed meanwhile for a past time.
  void FireDue(int64_t now_ns);
  // kNever if nothing is armed.
  int64_t next_deadline_ns() const;

 private:
  void Place(Timer* timer, size_t place);
  void MoveUp(size_t place);
  void MoveDown(size_t place);

  std::vector<Timer*> heap_;
};

}  // namespace drumfire
