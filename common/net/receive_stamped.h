// A socket read that says when its bytes reached this host, by the kernel's stamp.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>

namespace drumfire {

struct StampedRead {
  ssize_t bytes = 0;        // as recvmsg returns it; errno is set when negative
  int64_t realtime_ns = 0;  // CLOCK_REALTIME of the last segment read; 0 = none
};

// The socket has SO_TIMESTAMPNS on; without it there is no stamp. Any thread, one a socket.
StampedRead ReceiveStamped(int fd, char* buffer, size_t size);

}  // namespace drumfire
