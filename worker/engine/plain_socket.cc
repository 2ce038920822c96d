#include "worker/engine/plain_socket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>

#include "common/clock/clock.h"

namespace drumfire {
namespace {

iovec Part(absl::string_view text) { return {const_cast<char*>(text.data()), text.size()}; }

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

PlainSocket::PlainSocket(int fd) : fd_(fd) {
  const int on = 1;
  setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  stamped_ = setsockopt(fd_, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)) == 0;
}

PlainSocket::~PlainSocket() { close(fd_); }

IoResult PlainSocket::Send(absl::string_view head, absl::string_view body) {
  iovec parts[] = {Part(head), Part(body)};
  msghdr message{};
  message.msg_iov = head.empty() ? parts + 1 : parts;
  message.msg_iovlen = head.empty() || body.empty() ? 1 : 2;
  const ssize_t sent = sendmsg(fd_, &message, MSG_NOSIGNAL);
  IoResult result;
  if (sent >= 0) {
    result.bytes = sent;
  } else {
    result.error = errno;
  }
  return result;
}

IoResult PlainSocket::Receive(char* buffer, size_t size) {
  iovec part{buffer, size};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(timespec))];
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof(control);
  const ssize_t got = recvmsg(fd_, &message, 0);
  IoResult result;
  if (got > 0) {
    result.bytes = got;
    result.drained = static_cast<size_t>(got) < size;
    result.stamp_realtime_ns = FindStamp(&message);
  } else {
    result.end = got == 0;
    result.error = got < 0 ? errno : 0;
    result.drained = true;
  }
  return result;
}

}  // namespace drumfire
