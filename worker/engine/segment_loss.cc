#include "worker/engine/segment_loss.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace drumfire {

uint32_t CountSegmentLosses(int fd) {
  tcp_info info{};  // an older kernel fills less of it
  socklen_t size = sizeof(info);
  if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return 0;
  return info.tcpi_total_retrans + info.tcpi_rcv_ooopack;
}

}  // namespace drumfire
