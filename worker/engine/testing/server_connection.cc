#include "worker/engine/testing/server_connection.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"

namespace drumfire {
namespace {

constexpr absl::string_view kHeadEnd = "\r\n\r\n";

size_t ContentLength(absl::string_view head) {
  for (absl::string_view line : absl::StrSplit(head, "\r\n")) {
    if (!absl::StartsWithIgnoreCase(line, "content-length:")) continue;
    return std::strtoul(std::string(line.substr(15)).c_str(), nullptr, 10);
  }
  return 0;
}

}  // namespace

ServerConnection::ServerConnection(int fd, int ordinal, SSL_CTX* tls) : fd_(fd), ordinal_(ordinal) {
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  if (tls == nullptr) return;
  tls_ = SSL_new(tls);
  SSL_set_fd(tls_, fd);
  if (SSL_accept(tls_) != 1) Close(/*reset=*/false);
}

ServerConnection::~ServerConnection() {
  Close(/*reset=*/false);
  SSL_free(tls_);
}

long ServerConnection::Receive(char* buffer, size_t size) {
  if (tls_ == nullptr) return recv(fd_, buffer, size, MSG_DONTWAIT);
  const int got = SSL_read(tls_, buffer, static_cast<int>(size));
  return got < 0 && SSL_get_error(tls_, got) == SSL_ERROR_WANT_READ ? -1 : std::max(got, 0);
}

void ServerConnection::Read(const std::function<Script(const ServerRequest&)>& handler) {
  std::string buffer(64 << 10, '\0');
  do {
    const long got = Receive(buffer.data(), buffer.size());
    if (got == 0) return Close(/*reset=*/false);
    if (got < 0) return;
    unread_.append(buffer, 0, got);
  } while (tls_ != nullptr && SSL_pending(tls_) > 0);
  ServerRequest request;
  while (TakeRequest(&request)) Queue(handler(request));
}

bool ServerConnection::TakeRequest(ServerRequest* request) {
  const size_t head_size = unread_.find(std::string(kHeadEnd));
  if (head_size == std::string::npos) return false;
  const size_t body_start = head_size + kHeadEnd.size();
  const size_t body_size = ContentLength(unread_.substr(0, head_size));
  if (unread_.size() < body_start + body_size) return false;
  request->connection = ordinal_;
  request->number = requests_++;
  request->head = unread_.substr(0, body_start);
  request->body = unread_.substr(body_start, body_size);
  unread_.erase(0, body_start + body_size);
  return true;
}

void ServerConnection::Queue(Script script) {
  std::move(script.begin(), script.end(), std::back_inserter(steps_));
}

void ServerConnection::Play(int64_t now_ns) {
  while (is_open() && !steps_.empty() && due_ns_ <= now_ns) {
    const ServerStep step = std::move(steps_.front());
    steps_.pop_front();
    switch (step.kind) {
      case ServerStep::Kind::kSay:
        SendAll(step.text);
        break;
      case ServerStep::Kind::kPause:
        due_ns_ = now_ns + step.pause_ns;
        break;
      case ServerStep::Kind::kClose:
        Close(/*reset=*/false);
        break;
      case ServerStep::Kind::kReset:
        Close(/*reset=*/true);
        break;
    }
  }
}

void ServerConnection::SendAll(const std::string& text) {
  size_t sent = 0;
  while (sent < text.size()) {
    const long more =
        tls_ != nullptr ? SSL_write(tls_, text.data() + sent, static_cast<int>(text.size() - sent))
                        : send(fd_, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (more <= 0) return Close(/*reset=*/false);
    sent += more;
  }
}

void ServerConnection::Close(bool reset) {
  if (fd_ < 0) return;
  const linger hard{1, 0};
  if (reset) setsockopt(fd_, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
  close(fd_);
  fd_ = -1;
  steps_.clear();
}

}  // namespace drumfire
