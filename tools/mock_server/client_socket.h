// A connected non-blocking socket, plain or with TLS.
#pragma once

#include <openssl/ssl.h>
#include <sys/types.h>

#include <memory>

#include "absl/strings/string_view.h"

namespace drumfire::mock {

class ClientSocket {
 public:
  static constexpr ssize_t kAgain = -1;
  static constexpr ssize_t kFailed = -2;

  // Takes over `fd`. `tls` may be null.
  ClientSocket(int fd, SSL_CTX* tls);
  ~ClientSocket();
  ClientSocket(const ClientSocket&) = delete;
  ClientSocket& operator=(const ClientSocket&) = delete;

  // Bytes read or written, 0 if the peer has closed its side (Read), kAgain or kFailed.
  ssize_t Read(char* buffer, size_t size);
  ssize_t Write(absl::string_view bytes);
  // Kernel stamp (CLOCK_REALTIME) of the arrival of the last Read's last segment; 0 if there is
  // none (TLS).
  int64_t arrived_wall_ns() const { return arrived_wall_ns_; }
  // Whether a Read of `size` that gave `got` may have left bytes that epoll will not report.
  bool MayHaveMore(ssize_t got, size_t size) const;
  // Closes our side; data already written still arrives.
  void ShutdownWrite();
  // Makes the following close a reset.
  void ResetOnClose();

  int fd() const { return fd_; }

 private:
  struct FreeSsl {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };
  ssize_t TlsResult(int result);

  const int fd_;
  int64_t arrived_wall_ns_ = 0;
  std::unique_ptr<SSL, FreeSsl> ssl_;
};

}  // namespace drumfire::mock
