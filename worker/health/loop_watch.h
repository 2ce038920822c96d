// Finds the turns in which an I/O loop was held up: by its own work, or because the system did not
// let it run. Takes times as parameters; one thread.
#pragma once

#include <algorithm>
#include <cstdint>

#include "common/clock/clock.h"

namespace drumfire {

// Longer than this is a stall.
constexpr int64_t kLoopStallNs = 10 * kNsPerMs;

class LoopWatch {
 public:
  // A turn that could have gone on at ready_ns (a wait's deadline, or its return) was done at
  // done_ns. Waiting itself is no part of a turn.
  void Turn(int64_t ready_ns, int64_t done_ns) {
    const int64_t taken_ns = done_ns - ready_ns;
    if (taken_ns > kLoopStallNs) ++stalls_;
    longest_ns_ = std::max(longest_ns_, taken_ns);
  }
  // A phase begins.
  void Clear() { *this = LoopWatch(); }

  uint64_t stalls() const { return stalls_; }
  // The longest turn, ns, a stall or not.
  int64_t longest_ns() const { return longest_ns_; }

 private:
  uint64_t stalls_ = 0;
  int64_t longest_ns_ = 0;
};

}  // namespace drumfire
