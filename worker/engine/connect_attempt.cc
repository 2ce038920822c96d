#include "worker/engine/connect_attempt.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "common/clock/clock.h"

namespace drumfire {
namespace {

int64_t TimeNs(CURL* easy, CURLINFO info) {
  curl_off_t us = 0;
  curl_easy_getinfo(easy, info, &us);
  return us * kNsPerUs;
}

}  // namespace

ConnectAttempt::ConnectAttempt(uint32_t url, std::unique_ptr<Exchange> exchange,
                               AttemptListener* listener)
    : url_(url), exchange_(std::move(exchange)), listener_(listener) {}

ConnectAttempt::~ConnectAttempt() {
  if (easy_ != nullptr) curl_easy_cleanup(easy_);
}

bool ConnectAttempt::Prepare(const Target& target, const v1::Connections& options, CURLSH* share) {
  easy_ = curl_easy_init();
  if (easy_ == nullptr) return false;
  curl_easy_setopt(easy_, CURLOPT_URL, target.url.c_str());
  curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy_, CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt(easy_, CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
  curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy_, CURLOPT_QUICK_EXIT, 1L);  // waits for no look-up that hangs
  curl_easy_setopt(easy_, CURLOPT_SHARE, share);
  curl_easy_setopt(easy_, CURLOPT_PRIVATE, this);
  curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, detail_);
  curl_easy_setopt(easy_, CURLOPT_OPENSOCKETFUNCTION, &ConnectAttempt::OpenSocket);
  curl_easy_setopt(easy_, CURLOPT_OPENSOCKETDATA, this);
  SetProxy(target.proxy, easy_);
  if (target.is_tls) {
    SetTlsOptions(options);
  } else {
    curl_easy_setopt(easy_, CURLOPT_CLOSESOCKETFUNCTION, &ConnectAttempt::CloseSocket);
    curl_easy_setopt(easy_, CURLOPT_CLOSESOCKETDATA, this);
  }
  return true;
}

// Without roots of the plan's own, only the bundle file is used: libcurl keeps that parsed in the
// multi, but not when a folder of certificates is set beside it.
void ConnectAttempt::SetTlsOptions(const v1::Connections& options) {
  if (options.insecure()) {
    curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  if (options.ca_pem().empty()) {
    curl_easy_setopt(easy_, CURLOPT_CAPATH, nullptr);
    return;
  }
  curl_blob roots{};
  roots.data = const_cast<char*>(options.ca_pem().data());
  roots.len = options.ca_pem().size();
  roots.flags = CURL_BLOB_NOCOPY;
  curl_easy_setopt(easy_, CURLOPT_CAINFO_BLOB, &roots);
}

curl_socket_t ConnectAttempt::OpenSocket(void* attempt, curlsocktype, curl_sockaddr* address) {
  const int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  if (fd < 0) static_cast<ConnectAttempt*>(attempt)->socket_errno_ = errno;
  return fd;
}

int ConnectAttempt::CloseSocket(void* attempt, curl_socket_t fd) {
  return fd == static_cast<ConnectAttempt*>(attempt)->taken_fd_ ? 0 : close(fd);
}

int ConnectAttempt::descriptor() const {
  curl_socket_t fd = CURL_SOCKET_BAD;
  curl_easy_getinfo(easy_, CURLINFO_ACTIVESOCKET, &fd);
  return fd;
}

int ConnectAttempt::TakeDescriptor() {
  taken_fd_ = descriptor();
  return taken_fd_;
}

CURL* ConnectAttempt::TakeEasy() {
  curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, nullptr);
  return std::exchange(easy_, nullptr);
}

ConnectTimes ConnectAttempt::Times() const {
  const int64_t dns_ns = TimeNs(easy_, CURLINFO_NAMELOOKUP_TIME_T);
  const int64_t connect_ns = TimeNs(easy_, CURLINFO_CONNECT_TIME_T);
  const int64_t tls_ns = TimeNs(easy_, CURLINFO_APPCONNECT_TIME_T);
  ConnectTimes times;
  times.dns_ns = dns_ns;
  times.connect_ns = std::max<int64_t>(0, connect_ns - dns_ns);
  times.tls_ns = tls_ns > 0 ? std::max<int64_t>(0, tls_ns - connect_ns) : 0;
  return times;
}

ConnectError ConnectAttempt::Error(CURLcode code, const Target& target,
                                   bool descriptors_left) const {
  ConnectEvidence evidence;
  evidence.code = code;
  long connect_errno = 0;
  curl_easy_getinfo(easy_, CURLINFO_OS_ERRNO, &connect_errno);
  evidence.connect_errno = static_cast<int>(connect_errno);
  evidence.socket_errno = socket_errno_;
  evidence.descriptors_left = descriptors_left;
  evidence.detail = detail_;
  return ClassifyConnectError(target.address, evidence);
}

void ConnectAttempt::OnTimer(int64_t) { listener_->OnAttemptTimeout(this); }

}  // namespace drumfire
