#include "worker/engine/testing/scripted_server.h"

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <limits>

#include "absl/strings/str_cat.h"
#include "common/clock/clock.h"
#include "worker/engine/testing/server_connection.h"

namespace drumfire {
namespace {

void Require(bool ok) {
  if (!ok) std::abort();
}

int Listen(const std::string& address, int* port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  sockaddr_in name{};
  name.sin_family = AF_INET;
  Require(inet_pton(AF_INET, address.c_str(), &name.sin_addr) == 1);
  Require(bind(fd, reinterpret_cast<sockaddr*>(&name), sizeof(name)) == 0);
  Require(listen(fd, 4096) == 0);
  socklen_t size = sizeof(name);
  Require(getsockname(fd, reinterpret_cast<sockaddr*>(&name), &size) == 0);
  *port = ntohs(name.sin_port);
  return fd;
}

template <typename T, typename Read>
T* FromPem(const std::string& pem, Read read) {
  BIO* memory = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  T* object = read(memory, nullptr, nullptr, nullptr);
  BIO_free(memory);
  return object;
}

SSL_CTX* MakeTlsContext(const TestCertificate& certificate) {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  X509* x509 = FromPem<X509>(certificate.certificate_pem, PEM_read_bio_X509);
  EVP_PKEY* key = FromPem<EVP_PKEY>(certificate.key_pem, PEM_read_bio_PrivateKey);
  Require(SSL_CTX_use_certificate(context, x509) == 1);
  Require(SSL_CTX_use_PrivateKey(context, key) == 1);
  X509_free(x509);
  EVP_PKEY_free(key);
  return context;
}

}  // namespace

ServerStep Say(absl::string_view text) { return {ServerStep::Kind::kSay, std::string(text), 0}; }
ServerStep Pause(int64_t ns) { return {ServerStep::Kind::kPause, "", ns}; }
ServerStep CloseNow() { return {ServerStep::Kind::kClose, "", 0}; }
ServerStep ResetNow() { return {ServerStep::Kind::kReset, "", 0}; }

ScriptedServer::ScriptedServer(Handler handler, Options options)
    : handler_(std::move(handler)), options_(std::move(options)) {
  signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
  listen_fd_ = Listen(options_.address, &port_);
  stop_fd_ = eventfd(0, EFD_CLOEXEC);
  epoll_fd_ = epoll_create1(EPOLL_CLOEXEC);
  for (int fd : {listen_fd_, stop_fd_}) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    Require(epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, fd, &event) == 0);
  }
  if (options_.certificate != nullptr) tls_context_ = MakeTlsContext(*options_.certificate);
  thread_ = std::thread([this] { Run(); });
}

ScriptedServer::~ScriptedServer() {
  const uint64_t one = 1;
  Require(write(stop_fd_, &one, sizeof(one)) == sizeof(one));
  thread_.join();
  open_.clear();
  SSL_CTX_free(static_cast<SSL_CTX*>(tls_context_));
  for (int fd : {listen_fd_, stop_fd_, epoll_fd_}) close(fd);
}

std::string ScriptedServer::url() const {
  return absl::StrCat(tls_context_ != nullptr ? "https://" : "http://", options_.address, ":",
                      port_);
}

void ScriptedServer::Run() {
  epoll_event events[64];
  while (true) {
    const int64_t left_ns = NextDueNs() - SystemClock().MonotonicNs();
    const int64_t timeout_ms = std::clamp<int64_t>(left_ns / kNsPerMs + 1, 0, 1000);
    const int ready = epoll_wait(epoll_fd_, events, 64, static_cast<int>(timeout_ms));
    for (int i = 0; i < ready; ++i) {
      const int fd = events[i].data.fd;
      if (fd == stop_fd_) return;
      if (fd == listen_fd_) {
        Accept();
      } else if (const auto found = open_.find(fd); found != open_.end()) {
        Serve(found->second.get());
      }
    }
    for (auto at = open_.begin(); at != open_.end();) {
      if (at->second->is_paused()) Advance(at->second.get());
      at = at->second->is_open() ? std::next(at) : open_.erase(at);
    }
    open_count_ = static_cast<int>(open_.size());
  }
}

void ScriptedServer::Accept() {
  while (true) {
    const int fd = accept4(listen_fd_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    const int ordinal = connections_++;
    auto connection =
        std::make_unique<ServerConnection>(fd, ordinal, static_cast<SSL_CTX*>(tls_context_));
    if (!connection->is_open()) continue;
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    Require(epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, fd, &event) == 0);
    if (options_.on_accept) connection->Queue(options_.on_accept(ordinal));
    Advance(connection.get());
    open_[fd] = std::move(connection);
  }
}

void ScriptedServer::Serve(ServerConnection* connection) {
  connection->Read([this](const ServerRequest& request) {
    ++requests_;
    return handler_(request);
  });
  Advance(connection);
}

void ScriptedServer::Advance(ServerConnection* connection) {
  connection->Play(SystemClock().MonotonicNs());
}

int64_t ScriptedServer::NextDueNs() const {
  int64_t next_ns = std::numeric_limits<int64_t>::max();
  for (const auto& [fd, connection] : open_) {
    if (connection->is_paused()) next_ns = std::min(next_ns, connection->due_ns());
  }
  return next_ns;
}

}  // namespace drumfire
