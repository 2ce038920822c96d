// Makes the kernel acknowledge received data on a TCP socket at once (TCP_QUICKACK) instead of
// after a delay. The kernel returns to delays when the socket sends, so call this once after every
// send; docs/design/0013 has the measurements.
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
