// What both ends of the record stream set alike on their ZeroMQ sockets, and how they wait.
#pragma once

#include <cstdint>
#include <zmq.hpp>

#include "absl/strings/string_view.h"

namespace drumfire {

// Messages queued in each direction of a link, beyond what the system's socket buffers hold. A
// message is a whole batch.
constexpr int kLinkQueuedMessages = 64;

// Before bind or connect: bounds on queue and message size, no lingering at close, IPv6, quick
// reconnects, heartbeats that find a dead peer.
void SetLinkOptions(zmq::socket_t* socket);

// Before each bind or connect: IPv6 for an address in brackets and only then. A name is looked up
// as IPv4, since ZeroMQ tries just the first address and a worker on 0.0.0.0 could not be reached
// under ::1.
void AllowIpv6(absl::string_view endpoint, zmq::socket_t* socket);

// For zmq_poll: milliseconds from now until due, rounded up, at least 0; -1 (for ever) for
// INT64_MAX.
long PollTimeoutMs(int64_t due_ns, int64_t now_ns);

}  // namespace drumfire
