// Finds turns in which an I/O loop stalled, through its own work or because the system did not
// schedule it. Takes times as parameters; one thread.
#pragma once

#include <algorithm>
#include <cstdint>

#include "common/clock/clock.h"

namespace drumfire {

// Longer than this is a stall.
constexpr int64_t kLoopStallNs = 10 * kNsPerMs;

class LoopWatch {
 public:
  // A step that could have continued at ready_ns (a wait's deadline, or its return) ended at
  // done_ns. The wait itself is not part of the step.
  void Step(int64_t ready_ns, int64_t done_ns) {
    const int64_t taken_ns = done_ns - ready_ns;
    if (taken_ns > kLoopStallNs) ++stalls_;
    longest_ns_ = std::max(longest_ns_, taken_ns);
  }
  // Resets the counts for a new phase.
  void Clear() { *this = LoopWatch(); }

  uint64_t stalls() const { return stalls_; }
  // The longest step, ns, whether it was a stall or not.
  int64_t longest_ns() const { return longest_ns_; }

 private:
  uint64_t stalls_ = 0;
  int64_t longest_ns_ = 0;
};

}  // namespace drumfire
