// Hiccups of an I/O loop, as Gil Tene's jHiccup finds them: the loop asks to be woken by a regular
// timer, and the timer's delay is recorded. It shows anything that blocks the loop: its own work,
// other programs on its core, a quota, a stopped process. Takes times as parameters, in ns.
#pragma once

#include <algorithm>
#include <cstdint>

#include "common/clock/clock.h"
#include "worker/health/reservoir.h"

namespace drumfire {

// Short compared with token gaps of 10 ms; 500 wake-ups per second while something is in flight.
constexpr int64_t kHiccupTickNs = 2 * kNsPerMs;
// A tick later than this is a hiccup.
constexpr int64_t kHiccupNs = 10 * kNsPerMs;

// The regular timer. It runs only while there is something to miss; an idle loop stays asleep.
class HiccupTimer {
 public:
  // Before a wait: the time by which it must end.
  int64_t Arm(int64_t now_ns, bool is_busy) {
    if (!is_busy) due_ns_ = kNotRunning;
    if (is_busy && due_ns_ == kNotRunning) due_ns_ = now_ns + kHiccupTickNs;
    return due_ns_;
  }
  // After the wait: how late the tick was; -1 = none was due.
  int64_t LateNs(int64_t woke_ns) {
    if (woke_ns < due_ns_) return -1;
    const int64_t late_ns = woke_ns - due_ns_;
    due_ns_ = woke_ns + kHiccupTickNs;
    return late_ns;
  }

 private:
  static constexpr int64_t kNotRunning = INT64_MAX;
  int64_t due_ns_ = kNotRunning;
};

// Totals over the ticks of a phase.
class HiccupTally {
 public:
  void Add(int64_t late_ns) {
    ticks_.Add(late_ns);
    longest_ns_ = std::max(longest_ns_, late_ns);
    if (late_ns <= kHiccupNs) return;
    ++count_;
    total_ns_ += late_ns;
  }
  void Clear() { *this = HiccupTally(); }

  uint64_t count() const { return count_; }
  int64_t total_ns() const { return total_ns_; }
  int64_t longest_ns() const { return longest_ns_; }
  // Over all ticks; -1 if there was none.
  int64_t p99_ns() const { return ticks_.Quantile(0.99); }

 private:
  uint64_t count_ = 0;
  int64_t total_ns_ = 0;
  int64_t longest_ns_ = 0;
  Reservoir ticks_;
};

}  // namespace drumfire
