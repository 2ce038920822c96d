// A socket read that returns the kernel's time stamp of when its bytes reached this host.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>

namespace drumfire {

struct StampedRead {
  ssize_t bytes = 0;        // as recvmsg returns it; errno is set when negative
  int64_t realtime_ns = 0;  // CLOCK_REALTIME of the last segment read; 0 = none
};

// Requires SO_TIMESTAMPNS on the socket; otherwise there is no stamp. Any thread, but one per
// socket.
StampedRead ReceiveStamped(int fd, char* buffer, size_t size);

}  // namespace drumfire
