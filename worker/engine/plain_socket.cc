#include "worker/engine/plain_socket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "common/net/receive_stamped.h"

namespace drumfire {
namespace {

iovec Part(absl::string_view text) { return {const_cast<char*>(text.data()), text.size()}; }

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
  const auto [got, stamp_realtime_ns] = ReceiveStamped(fd_, buffer, size);
  IoResult result;
  if (got > 0) {
    result.bytes = got;
    result.drained = static_cast<size_t>(got) < size;
    result.stamp_realtime_ns = stamp_realtime_ns;
  } else {
    result.end = got == 0;
    result.error = got < 0 ? errno : 0;
    result.drained = true;
  }
  return result;
}

}  // namespace drumfire
