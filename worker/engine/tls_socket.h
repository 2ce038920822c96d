// A TLS connection of libcurl's, kept in its multi and used through curl_easy_send and
// curl_easy_recv. It has no kernel stamps.
#pragma once

#include <curl/curl.h>

#include <functional>
#include <string>

#include "worker/engine/socket.h"

namespace drumfire {

class TlsSocket : public Socket {
 public:
  // easy: connected with CURLOPT_CONNECT_ONLY and still in its multi; release takes it back on
  // destruction.
  TlsSocket(CURL* easy, int fd, std::function<void(CURL*)> release);
  TlsSocket(const TlsSocket&) = delete;
  TlsSocket& operator=(const TlsSocket&) = delete;
  ~TlsSocket() override;

  int fd() const override { return fd_; }
  bool has_kernel_stamps() const override { return false; }
  IoResult Send(absl::string_view head, absl::string_view body) override;
  IoResult Receive(char* buffer, size_t size) override;

 private:
  CURL* const easy_;
  const int fd_;
  std::function<void(CURL*)> release_;
  // Head and body in one piece. Kept until sent, since OpenSSL requires a blocked write to be
  // repeated from the same memory.
  std::string unsent_;
};

}  // namespace drumfire
