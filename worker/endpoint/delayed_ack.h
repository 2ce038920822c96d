// Recognises Nagle's algorithm at the server waiting for our kernel's delayed acknowledgement.
//
// A server that leaves Nagle on sends its first small segment at once and holds the next one back
// until the first is acknowledged. On a connection that sends a request right after an answer,
// Linux delays that acknowledgement by 40 ms (TCP_DELACK_MIN), hoping for data to send along. What
// the server wrote meanwhile then comes at once: a first read (the head, perhaps with an event),
// some 40 ms of silence, then a read with several content chunks. Once the delay has run out the
// kernel acknowledges at once, so the chunks behind that come one by one: this tells the pattern
// from a server that always sends several together, and from a busy host, where chunks meet by
// chance.
//
// One per response; times are ns of any one clock.
#pragma once

#include <cstdint>

#include "common/clock/clock.h"
#include "common/plan/delayed_ack_chunks.h"

namespace drumfire {

class DelayedAckWatch {
 public:
  // The kernel's timer counts in its ticks (4 ms or less) and starts when the first segment comes;
  // the acknowledgement's way there and the data's way back come on top.
  static constexpr int64_t kShortestWaitNs = 36 * kNsPerMs;
  static constexpr int64_t kLongestWaitNs = 60 * kNsPerMs;
  // Reads no further apart than this brought one segment's bytes.
  static constexpr int64_t kOneArrivalNs = kNsPerMs;
  static constexpr uint32_t kLeastChunks = kClearDelayedAckChunks;
  // The arrival behind the silence holds at least so many times the chunks of a later one.
  static constexpr double kLeastRatio = 2.5;
  // Two chunks meet by chance, too: they need the kernel's delay more exactly, and later chunks
  // that come one by one. Only many such responses are a sign
  // (coordinator/results/connection_tally.h).
  static constexpr uint32_t kWeakChunks = 2;
  static constexpr int64_t kShortestWeakWaitNs = 38 * kNsPerMs;
  static constexpr int64_t kLongestWeakWaitNs = 48 * kNsPerMs;
  static constexpr double kLeastWeakRatio = 1.9;

  void Start() { *this = {}; }
  // Bytes were read: their stamp, and the response's content chunks before and after them.
  void OnRead(int64_t stamp_ns, uint32_t chunks_before, uint32_t chunks_after);
  // The silence, ns, when the response, which is whole now, shows the pattern; else 0.
  int64_t WaitedNs() const;
  // Content chunks in the arrival behind it.
  uint32_t chunks() const { return burst_chunks_; }

 private:
  bool IsBurst(double least_ratio) const {
    return burst_chunks_ * rest_reads_ >= least_ratio * rest_chunks_;
  }

  enum class Part { kNothing, kFirst, kBurst, kRest };

  Part part_ = Part::kNothing;
  int64_t last_ns_ = 0;
  int64_t waited_ns_ = 0;
  uint32_t burst_chunks_ = 0;  // of the arrival behind the silence
  uint32_t rest_chunks_ = 0;   // of all later ones
  uint32_t rest_reads_ = 0;
};

}  // namespace drumfire
