// Decides whether a reused connection that ended without a byte of the response was stale: closed
// or forgotten by the other side before the request reached it. Only then is the request resent. A
// later end is the server's error, and a request that the server may have begun to process is never
// silently duplicated. docs/design/0012 explains the bounds.
#pragma once

#include <cstdint>

#include "common/clock/clock.h"

namespace drumfire {

// A stale connection answers a request with a reset within one round trip. Balancers that read the
// request first take tens of ms.
constexpr int64_t kStaleFloorNs = 100 * kNsPerMs;
constexpr int64_t kStaleRoundTrips = 3;

// Shortest round trip measured by the kernel on this TCP socket, ns; 0 = none.
int64_t ShortestRoundTripNs(int fd);

// lost_after_ns: from the send to the end of the connection.
bool IsStale(int64_t lost_after_ns, int64_t round_trip_ns);

// The error of a request whose connection was not stale. error: errno, 0 = orderly close.
inline const char* LostUnanswered(int error) {
  return error == 0 ? "connection closed before any byte of the response"
                    : "connection reset before any byte of the response";
}

}  // namespace drumfire
