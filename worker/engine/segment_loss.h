// Signs that TCP lost segments on a connection, counted by its own socket, since the host's
// counters include other programs. One thread.
#pragma once

#include <cstdint>

#include "common/clock/clock.h"

namespace drumfire {

// A loss costs at least a round trip. Shorter requests are not checked, which would take a tenth of
// their time.
constexpr int64_t kShortestWatchedNs = 5 * kNsPerMs;

// Since the connection was opened: segments retransmitted by this side, and segments received out
// of order. 0 if the kernel does not report them.
uint32_t CountSegmentLosses(int fd);

// Growth of one connection's count since the last check.
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
