// Listening sockets.
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace drumfire::mock {

// A non-blocking listening TCP socket on an IPv4 or IPv6 address or host name; port 0 takes a free
// one.
absl::StatusOr<int> Listen(const std::string& host, int port);
// The port that a socket is bound to.
int BoundPort(int fd);
// The address of the peer that a socket is connected to; empty when it has none.
std::string PeerAddress(int fd);
// What AcceptConnection gives in place of a descriptor.
constexpr int kNoneWaiting = -1;
constexpr int kCannotAccept = -2;  // no descriptor or memory left: one may still wait

// The next waiting connection, non-blocking. nagle: leave its delay on.
int AcceptConnection(int listen_fd, bool nagle);

}  // namespace drumfire::mock
