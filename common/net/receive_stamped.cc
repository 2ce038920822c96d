#include "common/net/receive_stamped.h"

#include <sys/socket.h>

#include <cstring>
#include <ctime>

#include "common/clock/clock.h"

namespace drumfire {
namespace {

int64_t FindStamp(msghdr* message) {
  for (cmsghdr* control = CMSG_FIRSTHDR(message); control != nullptr;
       control = CMSG_NXTHDR(message, control)) {
    if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_TIMESTAMPNS) continue;
    timespec stamp;
    std::memcpy(&stamp, CMSG_DATA(control), sizeof(stamp));
    return stamp.tv_sec * kNsPerSecond + stamp.tv_nsec;
  }
  return 0;
}

}  // namespace

StampedRead ReceiveStamped(int fd, char* buffer, size_t size) {
  iovec part{buffer, size};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(timespec))];
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof(control);
  const ssize_t got = recvmsg(fd, &message, 0);
  return {got, got > 0 ? FindStamp(&message) : 0};
}

}  // namespace drumfire
