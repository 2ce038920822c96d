#include "tools/mock_server/client_socket.h"

#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

#include "common/net/receive_stamped.h"

namespace drumfire::mock {
namespace {

int TlsSize(size_t size) { return static_cast<int>(std::min<size_t>(size, INT_MAX)); }

bool WouldBlock() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

}  // namespace

ClientSocket::ClientSocket(int fd, SSL_CTX* tls) : fd_(fd) {
  if (tls == nullptr) {
    const int on = 1;
    setsockopt(fd_, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
    return;
  }
  ssl_.reset(SSL_new(tls));
  SSL_set_fd(ssl_.get(), fd_);
  SSL_set_accept_state(ssl_.get());
  SSL_set_mode(ssl_.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
}

ClientSocket::~ClientSocket() { close(fd_); }

ssize_t ClientSocket::Read(char* buffer, size_t size) {
  if (ssl_ != nullptr) return TlsResult(SSL_read(ssl_.get(), buffer, TlsSize(size)));
  const auto [got, arrived_wall_ns] = ReceiveStamped(fd_, buffer, size);
  arrived_wall_ns_ = arrived_wall_ns;
  if (got >= 0) return got;
  return WouldBlock() ? kAgain : kFailed;
}

ssize_t ClientSocket::Write(absl::string_view bytes) {
  if (ssl_ != nullptr) return TlsResult(SSL_write(ssl_.get(), bytes.data(), TlsSize(bytes.size())));
  const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (sent >= 0) return sent;
  return WouldBlock() ? kAgain : kFailed;
}

bool ClientSocket::MayHaveMore(ssize_t got, size_t size) const {
  if (ssl_ != nullptr) return SSL_has_pending(ssl_.get()) == 1;
  return got == static_cast<ssize_t>(size);
}

void ClientSocket::ShutdownWrite() {
  if (ssl_ != nullptr) SSL_shutdown(ssl_.get());
  shutdown(fd_, SHUT_WR);
}

void ClientSocket::ResetOnClose() {
  const linger now = {.l_onoff = 1, .l_linger = 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}

ssize_t ClientSocket::TlsResult(int result) {
  if (result > 0) return result;
  const int error = SSL_get_error(ssl_.get(), result);
  ERR_clear_error();
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return kAgain;
  return error == SSL_ERROR_ZERO_RETURN ? 0 : kFailed;
}

}  // namespace drumfire::mock
