// Opens the connections of an open loop before their requests are due, so that no request waits for
// one. How many it takes follows from the schedule itself: what is in flight (rate times latency,
// by Little's law) keeps its connections, and idle ones are opened for all that is due within the
// next kLookAheadNs, up to the concurrency cap and kMaxIdle per url. This covers the first seconds,
// in which the number in flight still grows, bursts, and servers that close connections.
//
// One thread, the dispatcher's; time comes with each call.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "common/clock/clock.h"
#include "worker/engine/engine.h"

namespace drumfire {

class OpenAhead {
 public:
  static constexpr int64_t kLookAheadNs = 100 * kNsPerMs;
  static constexpr int64_t kEveryNs = 5 * kNsPerMs;
  static constexpr uint32_t kMaxIdle = 256;
  // Opening takes CPU: not just before a send, unless it was put off for kLongestDelayNs.
  static constexpr int64_t kQuietNs = 500 * kNsPerUs;
  static constexpr int64_t kLongestDelayNs = 20 * kNsPerMs;

  // engine: not owned.
  OpenAhead(Engine* engine, uint32_t urls) : engine_(engine), due_(urls) {}

  bool ShouldLook(int64_t now_ns, int64_t next_due_ns) const {
    const bool is_quiet = next_due_ns - now_ns > kQuietNs;
    return now_ns - last_ns_ >= (is_quiet ? kEveryNs : kLongestDelayNs);
  }
  // ready: requests in the order in which they are due, start_ns + intended_ns. room: so
  // many may be sent before another has ended.
  void Look(const std::deque<std::unique_ptr<Exchange>>& ready, int64_t start_ns, int64_t now_ns,
            uint32_t room);

 private:
  Engine* const engine_;
  std::vector<uint32_t> due_;  // by url
  int64_t last_ns_ = INT64_MIN / 2;
};

}  // namespace drumfire
