// Exponential backoff with jitter and a retry limit, for redialling a lost worker. A state machine
// without clock and transport.
#pragma once

#include <cstdint>

#include "common/clock/clock.h"

namespace drumfire {

constexpr int64_t kFirstRedialPauseNs = kNsPerSecond / 2;
constexpr int64_t kLongestRedialPauseNs = 10 * kNsPerSecond;
constexpr uint32_t kMostRedials = 60;

class Redial {
 public:
  // The worker may be dialled from now_ns on. draw: uniform in [0, 1), here and below.
  Redial(int64_t now_ns, double draw) { Wait(now_ns, draw); }

  bool IsDue(int64_t now_ns) const { return !under_way_ && now_ns >= next_ns_; }
  // The worker is being dialled; no success by the deadline is a failure.
  void Begin(int64_t deadline_ns);
  bool IsOverdue(int64_t now_ns) const { return under_way_ && now_ns > next_ns_; }
  void Fail(int64_t now_ns, double draw);

  bool under_way() const { return under_way_; }
  // The retry limit is reached.
  bool exhausted() const { return !under_way_ && begun_ >= kMostRedials; }

 private:
  void Wait(int64_t now_ns, double draw);

  bool under_way_ = false;
  uint32_t begun_ = 0;
  int64_t pause_ns_ = kFirstRedialPauseNs;
  int64_t next_ns_ = 0;  // when to dial, or the deadline of the current attempt
};

}  // namespace drumfire
