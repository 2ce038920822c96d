// A TCP socket of our own: one sendmsg per request, and recvmsg with the kernel's receive stamp.
#pragma once

#include "worker/engine/socket.h"

namespace drumfire {

class PlainSocket : public Socket {
 public:
  // Takes over fd, connected and non-blocking; sets TCP_NODELAY and SO_TIMESTAMPNS.
  explicit PlainSocket(int fd);
  PlainSocket(const PlainSocket&) = delete;
  PlainSocket& operator=(const PlainSocket&) = delete;
  ~PlainSocket() override;

  int fd() const override { return fd_; }
  bool has_kernel_stamps() const override { return stamped_; }
  IoResult Send(absl::string_view head, absl::string_view body) override;
  IoResult Receive(char* buffer, size_t size) override;

 private:
  const int fd_;
  bool stamped_ = false;
};

}  // namespace drumfire
