// For tests: connections over socket pairs, with the clock stepped by hand.
#pragma once

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "tools/mock_server/client_connection.h"

namespace drumfire::mock {

constexpr int64_t kMs = kNsPerMs;

inline std::string Post(absl::string_view path, absl::string_view body,
                        absl::string_view headers = "") {
  return absl::StrCat("POST ", path, " HTTP/1.1\r\nContent-Type: application/json\r\n", headers,
                      "Content-Length: ", body.size(), "\r\n\r\n", body);
}

inline std::string Chat(absl::string_view fields, absl::string_view headers = "") {
  return Post(
      "/v1/chat/completions",
      absl::StrCat(R"({"model":"m","messages":[{"role":"user","content":"a b c"}])", fields, "}"),
      headers);
}

// The client's end of a connection.
class Client {
 public:
  explicit Client(int fd) : fd_(fd) {}
  ~Client() { Close(); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void Send(absl::string_view bytes) {
    ASSERT_EQ(send(fd_, bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
  }
  // Bytes received since the last call.
  std::string Received() {
    std::string all;
    char buffer[65536];
    ssize_t got;
    while ((got = recv(fd_, buffer, sizeof(buffer), MSG_DONTWAIT)) > 0) {
      all.append(buffer, static_cast<size_t>(got));
    }
    ended_ = got == 0;
    reset_ = got < 0 && errno == ECONNRESET;
    return all;
  }
  // Both as of the last Received().
  bool ended() const { return ended_; }
  bool was_reset() const { return reset_; }
  void Close() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
  bool ended_ = false;
  bool reset_ = false;
};

class ClientConnectionTest : public testing::Test {
 protected:
  ~ClientConnectionTest() override { connections_.clear(); }

  // After options_ is as the test wants it.
  std::unique_ptr<Client> Connect() {
    if (state_.loop == nullptr) SetUpState();
    int fds[2];
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    fcntl(fds[0], F_SETFL, O_NONBLOCK);
    connections_.push_back(std::make_unique<ClientConnection>(
        std::make_unique<ClientSocket>(fds[0], nullptr), &state_, [this](int) { ++closed_; }));
    EXPECT_TRUE(connections_.back()->Start().ok());
    return std::make_unique<Client>(fds[1]);
  }

  // Handles all that is ready at this moment of the clock.
  void Turn() {
    for (int i = 0; i < 5; ++i) loop_->RunOnce();
  }
  void Advance(int64_t ns) {
    clock_.Advance(ns);
    Turn();
  }

  std::vector<nlohmann::json> TruthLines() {
    EXPECT_TRUE(truth_->Flush().ok());
    std::ifstream file(truth_path_);
    std::vector<nlohmann::json> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(nlohmann::json::parse(line));
    return lines;
  }

  MockOptions options_;
  ServerMetrics metrics_;
  int closed_ = 0;

 private:
  void SetUpState() {
    truth_path_ = testing::TempDir() + absl::StrCat("truth-", getpid());
    truth_ = *TruthLog::Open(truth_path_);
    loop_ = *ServerLoop::Create(&clock_, false);
    loop_->Stop();  // no wait ever blocks
    slots_ = std::make_unique<SlotQueue>(options_.concurrency);
    api_ = std::make_unique<Api>(&options_, &metrics_);
    state_.options = &options_;
    state_.clock = &clock_;
    state_.loop = loop_.get();
    state_.api = api_.get();
    state_.metrics = &metrics_;
    state_.slots = slots_.get();
    state_.truth = truth_.get();
    state_.read_buffer.resize(4096);
  }

  FakeClock clock_{1000 * kMs};
  std::string truth_path_;
  std::unique_ptr<TruthLog> truth_;
  std::unique_ptr<ServerLoop> loop_;
  std::unique_ptr<SlotQueue> slots_;
  std::unique_ptr<Api> api_;
  ServerState state_;
  std::vector<std::unique_ptr<ClientConnection>> connections_;
};

}  // namespace drumfire::mock
