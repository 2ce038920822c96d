// One reading of another process's clock: a probe, and the clock's time in the reply.
#pragma once

#include <cstdint>

namespace drumfire {

// The other clock = ours + offset, within the bound. As in NTP (RFC 5905, section 8), the clock is
// assumed to have been read midway; since it was read some time between send and receipt, the error
// is at most half the round trip.
struct ClockReading {
  int64_t offset_ns = 0;
  int64_t bound_ns = 0;
};

// sent_ns, received_ns: our clock before and after the other clock showed other_ns.
inline ClockReading ReadClock(int64_t sent_ns, int64_t received_ns, int64_t other_ns) {
  const int64_t half_trip_ns = (received_ns - sent_ns + 1) / 2;
  return {other_ns - (sent_ns + half_trip_ns), half_trip_ns};
}

}  // namespace drumfire
