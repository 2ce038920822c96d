// Listening sockets.
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace drumfire::mock {

// A non-blocking listening TCP socket on an IPv4 or IPv6 address or host name; port 0 chooses a
// free one.
absl::StatusOr<int> Listen(const std::string& host, int port);
// The port that a socket is bound to.
int BoundPort(int fd);
// The address of a socket's peer; empty if there is none.
std::string PeerAddress(int fd);
// Returned by AcceptConnection instead of a descriptor.
constexpr int kNoneWaiting = -1;
constexpr int kCannotAccept =
    -2;  // no descriptor or memory left; a connection may still be waiting

// The next waiting connection, non-blocking. nagle: leaves Nagle's algorithm on.
int AcceptConnection(int listen_fd, bool nagle);

}  // namespace drumfire::mock
