// Does a connection keep HTTP's rules, the persona's habits and its books, with the clock in our
// hand?
#include "tools/mock_server/client_connection.h"

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

namespace drumfire::mock {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr int64_t kMs = kNsPerMs;

std::string Post(absl::string_view path, absl::string_view body, absl::string_view headers = "") {
  return absl::StrCat("POST ", path, " HTTP/1.1\r\nContent-Type: application/json\r\n", headers,
                      "Content-Length: ", body.size(), "\r\n\r\n", body);
}

std::string Chat(absl::string_view fields, absl::string_view headers = "") {
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
  // What has come since the last call.
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

TEST_F(ClientConnectionTest, RefusesGarbageAndCloses) {
  const auto client = Connect();
  client->Send("this is not HTTP\r\n\r\n");
  Turn();
  EXPECT_THAT(client->Received(), StartsWith("HTTP/1.1 400 "));
  EXPECT_TRUE(client->ended());
  Advance(3000 * kMs);
  EXPECT_EQ(closed_, 1);
}

TEST_F(ClientConnectionTest, RefusesUnknownPathsAndMethods) {
  const auto client = Connect();
  client->Send("GET /v2 HTTP/1.1\r\n\r\n");
  Turn();
  EXPECT_THAT(client->Received(), StartsWith("HTTP/1.1 404 "));
  client->Send("GET /v1/completions HTTP/1.1\r\n\r\n");
  Turn();
  EXPECT_THAT(client->Received(), StartsWith("HTTP/1.1 405 "));
  EXPECT_FALSE(client->ended());
}

TEST_F(ClientConnectionTest, AnswersOneRequestAfterAnother) {
  const auto client = Connect();
  for (int i = 0; i < 3; ++i) {
    client->Send("GET /health HTTP/1.1\r\n\r\n");
    Turn();
    EXPECT_THAT(client->Received(), StartsWith("HTTP/1.1 200 OK\r\n"));
  }
  EXPECT_FALSE(client->ended());
}

TEST_F(ClientConnectionTest, AnswersPipelinedRequestsInOrder) {
  const auto client = Connect();
  client->Send(Chat(R"(,"stream":true,"max_tokens":1)") + "GET /v1/models HTTP/1.1\r\n\r\n");
  Turn();
  EXPECT_THAT(client->Received(), Not(HasSubstr("mock-model")));
  Advance(50 * kMs);
  const std::string rest = client->Received();
  EXPECT_THAT(rest, HasSubstr("0\r\n\r\nHTTP/1.1 200 OK"));
  EXPECT_THAT(rest, HasSubstr("mock-model"));
}

TEST_F(ClientConnectionTest, SaysContinue) {
  const auto client = Connect();
  client->Send(
      "POST /v1/completions HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 14\r\n\r\n");
  Turn();
  EXPECT_EQ(client->Received(), "HTTP/1.1 100 Continue\r\n\r\n");
  client->Send(R"({"prompt":"a"})");
  Turn();
  Advance(500 * kMs);
  EXPECT_THAT(client->Received(), StartsWith("HTTP/1.1 200 OK"));
}

TEST_F(ClientConnectionTest, ClosesWhenAsked) {
  const auto client = Connect();
  client->Send("GET /health HTTP/1.1\r\nConnection: close\r\n\r\n");
  Turn();
  EXPECT_THAT(client->Received(), HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_TRUE(client->ended());
}

TEST_F(ClientConnectionTest, StreamsAtTheTimesOfTheClock) {
  const auto client = Connect();
  client->Send(Chat(R"(,"stream":true,"max_tokens":2)"));
  Turn();
  EXPECT_THAT(client->Received(), HasSubstr("\"role\""));
  Advance(49 * kMs);
  EXPECT_EQ(client->Received(), "");
  Advance(1 * kMs);
  EXPECT_THAT(client->Received(), HasSubstr("\" the\""));
  Advance(10 * kMs);
  EXPECT_THAT(client->Received(), EndsWith("data: [DONE]\n\n\r\n0\r\n\r\n"));
}

TEST_F(ClientConnectionTest, LateWakeUpDoesNotShiftLaterEvents) {
  const auto client = Connect();
  client->Send(Chat(R"(,"stream":true,"max_tokens":3)"));
  Turn();
  Advance(57 * kMs);
  client->Received();
  Advance(3 * kMs);
  EXPECT_THAT(client->Received(), HasSubstr("\" of\""));
}

TEST_F(ClientConnectionTest, Http10StreamEndsWithTheConnection) {
  const auto client = Connect();
  const std::string body = R"({"prompt":"a","stream":true,"max_tokens":1})";
  client->Send(absl::StrCat("POST /v1/completions HTTP/1.0\r\nConnection: keep-alive\r\n",
                            "Content-Length: ", body.size(), "\r\n\r\n", body));
  Turn();
  Advance(50 * kMs);
  const std::string answer = client->Received();
  EXPECT_THAT(answer, Not(HasSubstr("chunked")));
  EXPECT_THAT(answer, EndsWith("data: [DONE]\n\n"));
  EXPECT_TRUE(client->ended());
}

TEST_F(ClientConnectionTest, QueuesBeyondTheConcurrency) {
  options_.concurrency = 1;
  const auto first = Connect();
  const auto second = Connect();
  first->Send(Chat(R"(,"max_tokens":1)"));
  Turn();
  second->Send(Chat(R"(,"max_tokens":1)"));
  Turn();
  EXPECT_EQ(metrics_.running, 1);
  EXPECT_EQ(metrics_.waiting, 1);
  Advance(50 * kMs);
  EXPECT_THAT(first->Received(), StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(second->Received(), "");
  EXPECT_EQ(metrics_.waiting, 0);
  Advance(50 * kMs);
  EXPECT_THAT(second->Received(), StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(metrics_.running, 0);
}

TEST_F(ClientConnectionTest, ClientThatLeavesTheQueueLeavesNoTrace) {
  options_.concurrency = 1;
  const auto first = Connect();
  const auto second = Connect();
  first->Send(Chat(R"(,"max_tokens":1)"));
  Turn();
  second->Send(Chat(R"(,"max_tokens":1)"));
  Turn();
  second->Close();
  Turn();
  EXPECT_EQ(metrics_.waiting, 0);
  Advance(50 * kMs);
  EXPECT_EQ(metrics_.running, 0);
  EXPECT_THAT(first->Received(), StartsWith("HTTP/1.1 200"));
}

TEST_F(ClientConnectionTest, ClientThatGoesFreesItsSlot) {
  const auto client = Connect();
  client->Send(Chat(R"(,"stream":true,"max_tokens":9)", "X-Request-ID: gone\r\n"));
  Turn();
  Advance(50 * kMs);
  client->Close();
  Turn();
  EXPECT_EQ(closed_, 1);
  EXPECT_EQ(metrics_.running, 0);
  const auto lines = TruthLines();
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0]["x_request_id"], "gone");
  EXPECT_EQ(lines[0]["client_closed"], true);
  EXPECT_EQ(lines[0]["tokens"], 1);
}

TEST_F(ClientConnectionTest, TruthLogHoldsTheTimes) {
  const auto client = Connect();
  const std::string request = Chat(R"(,"stream":true,"max_tokens":2)", "X-Request-ID: id-7\r\n");
  client->Send(request);
  Turn();
  Advance(50 * kMs);
  Advance(10 * kMs);
  const auto lines = TruthLines();
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0]["x_request_id"], "id-7");
  EXPECT_EQ(lines[0]["arrival_ns"], 1000 * kMs);
  EXPECT_EQ(lines[0]["first_send_ns"], 1000 * kMs);
  EXPECT_EQ(lines[0]["send_ns"], (std::vector<int64_t>{1050 * kMs, 1060 * kMs}));
  EXPECT_EQ(lines[0]["status"], 200);
  EXPECT_EQ(lines[0]["tokens"], 2);
  EXPECT_EQ(lines[0]["fault"], "none");
}

TEST_F(ClientConnectionTest, HangSaysNothing) {
  options_.faults.hang = 100;
  const auto client = Connect();
  client->Send(Chat(R"(,"stream":true)", "X-Request-ID: h\r\n"));
  Turn();
  Advance(3'600'000 * kMs);
  EXPECT_EQ(client->Received(), "");
  EXPECT_FALSE(client->ended());
  client->Close();
  Turn();
  EXPECT_EQ(TruthLines()[0]["fault"], "hang");
  EXPECT_EQ(TruthLines()[0]["status"], 0);
}

TEST_F(ClientConnectionTest, ErrorFaultIsAnHttpError) {
  options_.faults.error = 100;
  const auto client = Connect();
  client->Send(Chat(""));
  Turn();
  const std::string answer = client->Received();
  EXPECT_THAT(answer, testing::AnyOf(StartsWith("HTTP/1.1 429 Too Many Requests"),
                                     StartsWith("HTTP/1.1 500 Internal"),
                                     StartsWith("HTTP/1.1 503 Service")));
  EXPECT_THAT(answer, HasSubstr(R"({"error":{"message":)"));
}

TEST_F(ClientConnectionTest, TruncatedWholeAnswerPromisesMoreThanItSends) {
  options_.faults.truncate = 100;
  const auto client = Connect();
  client->Send(Chat(R"(,"max_tokens":4)"));
  Turn();
  Advance(100 * kMs);
  const std::string answer = client->Received();
  EXPECT_TRUE(client->ended());
  EXPECT_THAT(answer, Not(EndsWith("}")));
}

TEST_F(ClientConnectionTest, IdleConnectionOfVllmClosesAfterFiveSeconds) {
  options_.persona = Persona::kVllm;
  const auto client = Connect();
  Advance(4000 * kMs);
  client->Send("GET /health HTTP/1.1\r\n\r\n");
  Turn();
  Advance(4999 * kMs);
  client->Received();
  EXPECT_FALSE(client->ended());
  Advance(1 * kMs);
  EXPECT_EQ(client->Received(), "");
  EXPECT_TRUE(client->ended());
}

TEST_F(ClientConnectionTest, SlowAnswerIsNotIdle) {
  options_.persona = Persona::kVllm;
  options_.ttft = RandomDuration::Constant(8000 * kMs);
  const auto client = Connect();
  client->Send(Chat(R"(,"max_tokens":1)"));
  Turn();
  Advance(7999 * kMs);
  EXPECT_EQ(client->Received(), "");
  EXPECT_FALSE(client->ended());
  Advance(1 * kMs);
  EXPECT_THAT(client->Received(), StartsWith("HTTP/1.1 200"));
}

TEST_F(ClientConnectionTest, LlamaServerClosesAfterAHundredRequests) {
  options_.persona = Persona::kLlamaServer;
  const auto client = Connect();
  for (int i = 1; i <= 100; ++i) {
    client->Send("GET /health HTTP/1.1\r\n\r\n");
    Turn();
    const std::string answer = client->Received();
    EXPECT_EQ(answer.find("Connection: close") != std::string::npos, i == 100) << i;
  }
  EXPECT_TRUE(client->ended());
}

TEST_F(ClientConnectionTest, SlowReaderGetsEverything) {
  options_.ttft = options_.itl = RandomDuration::Constant(0);
  options_.events_per_write = 1000;
  const auto client = Connect();
  client->Send(Chat(R"(,"stream":true,"max_tokens":30000)"));
  std::string all;
  for (int i = 0; i < 1000 && all.find("[DONE]") == std::string::npos; ++i) {
    Advance(kMs);
    all += client->Received();
  }
  EXPECT_THAT(all, EndsWith("0\r\n\r\n"));
  EXPECT_EQ(TruthLines()[0]["tokens"], 30000);
}

}  // namespace
}  // namespace drumfire::mock
