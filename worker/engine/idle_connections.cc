#include "worker/engine/idle_connections.h"

#include <poll.h>

#include "worker/engine/stale_connection.h"

namespace drumfire {
namespace {

// What may be read is no sign: TLS tickets come unasked.
bool HasHungUp(int fd) {
  pollfd peer{fd, POLLRDHUP, 0};
  return poll(&peer, 1, 0) != 0;
}

}  // namespace

void IdleConnections::NoteClosed(int fd) {
  last_round_trip_ns_ = ShortestRoundTripNs(fd);
  losses_on_closed_ += losses_[fd].TakeNew(fd);
  losses_.erase(fd);
  if (idle_.erase(fd) > 0 && HasHungUp(fd)) ++hung_up_;
}

uint32_t IdleConnections::TakeSegmentLosses(int fd) {
  const uint32_t here = fd < 0 ? 0 : losses_[fd].TakeNew(fd);
  return here + std::exchange(losses_on_closed_, 0);
}

uint32_t IdleConnections::CountFresh(int64_t since_ns) {
  absl::erase_if(idle_,
                 [&](const auto& idle) { return idle.second < since_ns || HasHungUp(idle.first); });
  return idle_.size();
}

}  // namespace drumfire
