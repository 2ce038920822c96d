#include "tools/mock_server/server.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tools/mock_server/listener.h"

namespace drumfire::mock {
namespace {

constexpr size_t kReadBufferBytes = 128 << 10;
constexpr int kAcceptsPerTurn = 64;
constexpr int64_t kAcceptPauseNs = 20 * kNsPerMs;

absl::StatusOr<SSL_CTX*> MakeTlsContext(const MockOptions& options) {
  SSL_CTX* const context = SSL_CTX_new(TLS_server_method());
  if (context != nullptr &&
      SSL_CTX_use_certificate_chain_file(context, options.tls_cert.c_str()) == 1 &&
      SSL_CTX_use_PrivateKey_file(context, options.tls_key.c_str(), SSL_FILETYPE_PEM) == 1 &&
      SSL_CTX_check_private_key(context) == 1) {
    return context;
  }
  SSL_CTX_free(context);
  return absl::InvalidArgumentError(absl::StrCat("--tls-cert ", options.tls_cert, " and --tls-key ",
                                                 options.tls_key,
                                                 ": expected a readable PEM chain and its key"));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Create(const MockOptions& options,
                                                       const Clock* clock) {
  std::unique_ptr<Server> server(new Server(options, clock));
  const absl::Status status = server->SetUp(clock);
  if (!status.ok()) return status;
  return server;
}

Server::Server(const MockOptions& options, const Clock* clock)
    : options_(options), slots_(options.concurrency), api_(&options_, &metrics_) {
  state_.options = &options_;
  state_.clock = clock;
  state_.api = &api_;
  state_.metrics = &metrics_;
  state_.slots = &slots_;
  state_.read_buffer.resize(kReadBufferBytes);
}

Server::~Server() {
  for (const auto& [fd, connection] : connections_) connection->Abandon();
  if (listen_fd_ >= 0) close(listen_fd_);
}

absl::Status Server::SetUp(const Clock* clock) {
  if (!options_.tls_cert.empty()) {
    const absl::StatusOr<SSL_CTX*> context = MakeTlsContext(options_);
    if (!context.ok()) return context.status();
    tls_.reset(*context);
  }
  if (!options_.truth_log.empty()) {
    absl::StatusOr<std::unique_ptr<TruthLog>> truth = TruthLog::Open(options_.truth_log);
    if (!truth.ok()) return truth.status();
    truth_ = *std::move(truth);
    state_.truth = truth_.get();
  }
  absl::StatusOr<std::unique_ptr<ServerLoop>> loop = ServerLoop::Create(clock, options_.spin);
  if (!loop.ok()) return loop.status();
  loop_ = *std::move(loop);
  state_.loop = loop_.get();
  const absl::StatusOr<int> listening = Listen(options_.host, options_.port);
  if (!listening.ok()) return listening.status();
  listen_fd_ = *listening;
  port_ = BoundPort(listen_fd_);
  return loop_->Add(listen_fd_, EPOLLIN, this);
}

std::string Server::Url() const {
  const bool v6 = absl::StrContains(options_.host, ":");
  return absl::StrCat(tls_ == nullptr ? "http://" : "https://", v6 ? "[" : "", options_.host,
                      v6 ? "]" : "", ":", port_);
}

absl::Status Server::Run() {
  while (!loop_->stopped()) RunOnce();
  for (const auto& [fd, connection] : connections_) connection->Abandon();
  return truth_ == nullptr ? absl::OkStatus() : truth_->Flush();
}

void Server::RunOnce() {
  loop_->RunOnce();
  closed_.clear();
  const bool quiet = slots_.used() == 0;
  if (quiet && truth_ != nullptr) truth_->Flush().IgnoreError();
}

void Server::OnIo(uint32_t) {
  for (int i = 0; i < kAcceptsPerTurn; ++i) {
    const int fd = AcceptConnection(listen_fd_, options_.nagle);
    if (fd == kCannotAccept) return PauseAccepting();
    if (fd < 0) return;
    Accept(fd);
  }
}

void Server::OnTimer(int64_t) { loop_->Modify(listen_fd_, EPOLLIN); }

// The connection that cannot be taken keeps the socket readable: the loop would spin on it.
void Server::PauseAccepting() {
  if (pauses_++ == 0) {
    std::fprintf(stderr, "drumfire-mock: no descriptor left (ulimit -n): connections wait\n");
  }
  loop_->Modify(listen_fd_, 0);
  loop_->Arm(listen_fd_, state_.clock->MonotonicNs() + kAcceptPauseNs);
}

void Server::Accept(int fd) {
  auto connection =
      std::make_unique<ClientConnection>(std::make_unique<ClientSocket>(fd, tls_.get()), &state_,
                                         [this](int closed) { Forget(closed); });
  if (!connection->Start().ok()) return;
  connections_[fd] = std::move(connection);
}

void Server::Forget(int fd) {
  const auto found = connections_.find(fd);
  if (found == connections_.end()) return;
  closed_.push_back(std::move(found->second));
  connections_.erase(found);
}

}  // namespace drumfire::mock
