// The byte pipe of one open connection: a plain TCP socket of our own, or TLS that goes through
// libcurl. Non-blocking. Both are watched with edge-triggered epoll, so readers must continue until
// a read reports that nothing is left.
//
// One thread. Destroying it closes the connection.
#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace drumfire {

// Result of a read or send: bytes > 0, or 0 with the reason.
struct IoResult {
  size_t bytes = 0;
  int error = 0;                  // errno; EAGAIN = would block
  bool end = false;               // the peer has finished sending (reads only)
  bool drained = false;           // nothing more to read right now (reads only)
  int64_t stamp_realtime_ns = 0;  // kernel stamp of the last segment read, CLOCK_REALTIME; 0 = none
};

class Socket {
 public:
  virtual ~Socket() = default;
  virtual int fd() const = 0;
  virtual bool has_kernel_stamps() const = 0;
  // Sends head and body, in one call if possible. After a partial send, call again with the rest of
  // the same bytes.
  virtual IoResult Send(absl::string_view head, absl::string_view body) = 0;
  virtual IoResult Receive(char* buffer, size_t size) = 0;
};

}  // namespace drumfire
