// Signs that TCP lost segments on a connection, counted by its own socket: what the host counts
// includes other programs. One thread.
#pragma once

#include <cstdint>

#include "common/clock/clock.h"

namespace drumfire {

// A loss costs at least a round trip. Shorter requests are not looked at: it would take a tenth of
// their time.
constexpr int64_t kShortestWatchedNs = 5 * kNsPerMs;

// Since the connection was opened: segments that this side sent again, and segments that came out
// of order. 0 where the kernel does not say.
uint32_t CountSegmentLosses(int fd);

// What one connection's count grew by since the last look.
class SegmentLossWatch {
 public:
  uint32_t TakeNew(int fd) {
    const uint32_t before = seen_;
    seen_ = CountSegmentLosses(fd);
    return seen_ - before;
  }

 private:
  uint32_t seen_ = 0;
};

}  // namespace drumfire
