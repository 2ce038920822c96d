// ZeroMQ socket settings common to both ends of the record stream, and how they wait.
#pragma once

#include <cstdint>
#include <zmq.hpp>

#include "absl/strings/string_view.h"

namespace drumfire {

// Messages queued in each direction of a link, besides the system's socket buffers. A message is a
// whole batch.
constexpr int kLinkQueuedMessages = 64;

// Call before bind or connect: limits on queue and message size, no lingering at close, quick
// reconnects. The system's TCP, not the process at the other end, tells whether a peer is there, so
// that one that is stopped or slow keeps its link: a peer that is gone without a word is noticed
// within about 10 s, and the link is made again.
void SetLinkOptions(zmq::socket_t* socket);

// Call before each bind or connect: enables IPv6 only for an address in brackets. Names are
// resolved to IPv4, since ZeroMQ tries only the first address and could not reach a worker on
// 0.0.0.0 under ::1.
void AllowIpv6(absl::string_view endpoint, zmq::socket_t* socket);

// For zmq_poll: milliseconds from now until due, rounded up, at least 0; -1 (for ever) for
// INT64_MAX.
long PollTimeoutMs(int64_t due_ns, int64_t now_ns);

}  // namespace drumfire
