// Many deadlines, the earliest first: a binary heap in which every timer knows its place, so that
// it can be moved or taken out in O(log n) and nothing stale stays behind. Deadlines that only move
// away (a sign of life on a stream) are not touched: the timer fires at the old one, its owner
// looks at the true one and arms it again.
//
// One thread. A timer belongs to its owner and takes itself out when it dies.
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

  // Called once when the deadline has passed; the timer is unarmed by then and may be armed again.
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
  // Fires at deadline_ns (monotonic) or before, if it was armed for an earlier one. kNever changes
  // nothing.
  void ArmNoLaterThan(Timer* timer, int64_t deadline_ns);
  void Disarm(Timer* timer);
  // Fires all that are due. Timers armed meanwhile for a time that has passed fire too.
  void FireDue(int64_t now_ns);
  // kNever when nothing is armed.
  int64_t next_deadline_ns() const;

 private:
  void Place(Timer* timer, size_t place);
  void MoveUp(size_t place);
  void MoveDown(size_t place);

  std::vector<Timer*> heap_;
};

}  // namespace drumfire
