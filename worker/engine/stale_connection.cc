#include "worker/engine/stale_connection.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <limits>

namespace drumfire {

int64_t ShortestRoundTripNs(int fd) {
  tcp_info info{};
  socklen_t size = sizeof(info);
  if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return 0;
  const bool is_known = info.tcpi_min_rtt != std::numeric_limits<uint32_t>::max();
  return is_known ? info.tcpi_min_rtt * kNsPerUs : 0;
}

bool IsStale(int64_t lost_after_ns, int64_t round_trip_ns) {
  return lost_after_ns <= std::max(kStaleFloorNs, kStaleRoundTrips * round_trip_ns);
}

}  // namespace drumfire
