#include "worker/engine/tls_socket.h"

#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

int ToErrno(CURLcode code) { return code == CURLE_AGAIN ? EAGAIN : ECONNRESET; }

}  // namespace

TlsSocket::TlsSocket(CURL* easy, int fd, std::function<void(CURL*)> release)
    : easy_(easy), fd_(fd), release_(std::move(release)) {}

TlsSocket::~TlsSocket() { release_(easy_); }

IoResult TlsSocket::Send(absl::string_view head, absl::string_view body) {
  if (unsent_.empty()) unsent_ = absl::StrCat(head, body);
  IoResult result;
  const CURLcode code = curl_easy_send(easy_, unsent_.data(), unsent_.size(), &result.bytes);
  if (code != CURLE_OK) {
    result.error = ToErrno(code);
  } else if (result.bytes == unsent_.size()) {
    std::string().swap(unsent_);
  } else {
    unsent_.erase(0, result.bytes);
  }
  return result;
}

IoResult TlsSocket::Receive(char* buffer, size_t size) {
  IoResult result;
  const CURLcode code = curl_easy_recv(easy_, buffer, size, &result.bytes);
  if (code == CURLE_OK && result.bytes > 0) return result;
  result.drained = true;
  if (code == CURLE_OK) {
    result.end = true;
  } else {
    result.error = ToErrno(code);
  }
  return result;
}

}  // namespace drumfire
