// One look at another process's clock: a question, and the clock's time in the answer.
#pragma once

#include <cstdint>

namespace drumfire {

// The other clock = ours + offset, give or take bound. As in NTP (RFC 5905, section 8) the answer
// is taken to be made halfway; it was made somewhere on the way, so half the round trip bounds the
// error.
struct ClockReading {
  int64_t offset_ns = 0;
  int64_t bound_ns = 0;
};

// sent_ns, received_ns: on our clock, around the other's other_ns.
inline ClockReading ReadClock(int64_t sent_ns, int64_t received_ns, int64_t other_ns) {
  const int64_t half_trip_ns = (received_ns - sent_ns + 1) / 2;
  return {other_ns - (sent_ns + half_trip_ns), half_trip_ns};
}

}  // namespace drumfire
