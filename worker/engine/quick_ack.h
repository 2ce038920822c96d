// Acknowledges what comes next on a TCP socket at once (TCP_QUICKACK) instead of after the kernel's
// delay. The kernel goes back to delays when the socket sends, so once behind every send is enough,
// and nothing less is: docs/design/0013 has the measurements.
#pragma once

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace drumfire {

inline void AcknowledgeAtOnce(int fd) {
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof(on));
}

}  // namespace drumfire
