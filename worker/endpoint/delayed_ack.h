// Recognises Nagle's algorithm at the server waiting for our kernel's delayed acknowledgement.
//
// A server that leaves Nagle on sends its first small segment at once and holds the next one back
// until the first is acknowledged. On a connection that sends a request right after an answer,
// Linux delays that acknowledgement by 40 ms (TCP_DELACK_MIN), hoping for data to send along. What
// the server wrote meanwhile then comes at once: a first read (the head, perhaps with an event),
// some 40 ms of silence, then a read with several content chunks. Once the delay has run out the
// kernel acknowledges at once, so the chunks behind that come one by one: this tells the pattern
// from a server that always sends several together.
//
// One per response; times are ns of any one clock.
#pragma once

#include <cstdint>

#include "common/clock/clock.h"

namespace drumfire {

class DelayedAckWatch {
 public:
  // The kernel's timer counts in its ticks (4 ms or less) and starts when the first segment comes;
  // the acknowledgement's way there and the data's way back come on top.
  static constexpr int64_t kShortestWaitNs = 36 * kNsPerMs;
  static constexpr int64_t kLongestWaitNs = 60 * kNsPerMs;
  // Reads no further apart than this brought one segment's bytes.
  static constexpr int64_t kOneArrivalNs = kNsPerMs;
  static constexpr uint32_t kLeastChunks = 2;

  void Start() { *this = {}; }
  // Bytes were read: their stamp, and the response's content chunks before and after them.
  void OnRead(int64_t stamp_ns, uint32_t chunks_before, uint32_t chunks_after);
  // The silence, ns, when a whole response of so many content chunks, so many of whose gaps are
  // unseen, shows the pattern; else 0.
  int64_t WaitedNs(uint32_t content_chunks, uint32_t unseen_gaps) const;

 private:
  enum class Part { kNothing, kFirst, kBurst, kRest };

  Part part_ = Part::kNothing;
  int64_t last_ns_ = 0;
  int64_t waited_ns_ = 0;
  uint32_t chunks_first_ = 0;  // of the first arrival
  uint32_t chunks_burst_ = 0;  // of the arrival behind the silence
};

}  // namespace drumfire
