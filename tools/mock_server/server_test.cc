// Does a whole server serve over real sockets, IPv4 and IPv6, and end with its truth log written?
#include "tools/mock_server/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"

namespace drumfire::mock {
namespace {

// Sends `request` to the port and reads until the server ends the connection.
std::string Exchange(const std::string& host, int port, absl::string_view request) {
  addrinfo* address = nullptr;
  EXPECT_EQ(getaddrinfo(host.c_str(), std::to_string(port).c_str(), nullptr, &address), 0);
  const int fd = socket(address->ai_family, SOCK_STREAM, 0);
  EXPECT_EQ(connect(fd, address->ai_addr, address->ai_addrlen), 0);
  freeaddrinfo(address);
  EXPECT_EQ(send(fd, request.data(), request.size(), 0), static_cast<ssize_t>(request.size()));
  std::string answer;
  char buffer[4096];
  for (ssize_t got; (got = recv(fd, buffer, sizeof(buffer), 0)) > 0;) {
    answer.append(buffer, static_cast<size_t>(got));
  }
  close(fd);
  return answer;
}

MockOptions FastOptions() {
  MockOptions options;
  options.port = 0;
  options.ttft = options.itl = RandomDuration::Constant(kNsPerMs);
  return options;
}

TEST(Server, RefusesWhatItCannotUse) {
  MockOptions options = FastOptions();
  options.host = "256.1.1.1.nowhere.invalid";
  EXPECT_FALSE(Server::Create(options, &SystemClock()).ok());
  options = FastOptions();
  options.truth_log = "/nonexistent/truth.jsonl";
  EXPECT_FALSE(Server::Create(options, &SystemClock()).ok());
  options = FastOptions();
  options.tls_cert = options.tls_key = "/nonexistent.pem";
  EXPECT_FALSE(Server::Create(options, &SystemClock()).ok());
}

TEST(Server, RefusesAPortInUse) {
  const auto first = Server::Create(FastOptions(), &SystemClock());
  ASSERT_TRUE(first.ok());
  MockOptions options = FastOptions();
  options.port = (*first)->port();
  EXPECT_FALSE(Server::Create(options, &SystemClock()).ok());
}

TEST(Server, StreamsOverARealSocketAndLogsTheTruth) {
  MockOptions options = FastOptions();
  options.truth_log = testing::TempDir() + absl::StrCat("server-truth-", getpid());
  auto server = Server::Create(options, &SystemClock());
  ASSERT_TRUE(server.ok()) << server.status();
  std::thread thread([&] { EXPECT_TRUE((*server)->Run().ok()); });
  const std::string body = R"({"prompt":"a b","stream":true,"max_tokens":5})";
  const std::string answer = Exchange(
      "127.0.0.1", (*server)->port(),
      absl::StrCat("POST /v1/completions HTTP/1.1\r\nConnection: close\r\nX-Request-ID: r\r\n",
                   "Content-Length: ", body.size(), "\r\n\r\n", body));
  (*server)->Stop();
  thread.join();
  EXPECT_THAT(answer, testing::EndsWith("data: [DONE]\n\n\r\n0\r\n\r\n"));
  std::ifstream log(options.truth_log);
  std::string line;
  std::getline(log, line);
  EXPECT_THAT(line, testing::StartsWith(
                        R"({"x_request_id":"r","client":"127.0.0.1","path":"/v1/completions")"));
  EXPECT_THAT(line, testing::HasSubstr(R"("tokens":5)"));
}

// Takes all descriptors of this process while it lives.
class NoDescriptors {
 public:
  NoDescriptors() {
    getrlimit(RLIMIT_NOFILE, &before_);
    rlimit few = before_;
    few.rlim_cur = 64;
    setrlimit(RLIMIT_NOFILE, &few);
    for (int fd; (fd = dup(STDIN_FILENO)) >= 0;) taken_.push_back(fd);
  }
  ~NoDescriptors() {
    for (const int fd : taken_) close(fd);
    setrlimit(RLIMIT_NOFILE, &before_);
  }

 private:
  rlimit before_ = {};
  std::vector<int> taken_;
};

TEST(Server, PausesWhileThereAreNoDescriptorsAndAcceptsAfterwards) {
  FakeClock clock;
  auto server = Server::Create(FastOptions(), &clock);
  ASSERT_TRUE(server.ok()) << server.status();
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>((*server)->port()));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  {
    const NoDescriptors none;
    ASSERT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    for (int turn = 0; turn < 3; ++turn) (*server)->RunOnce();
    EXPECT_EQ((*server)->pauses(), 1u);  // time stands still: no second try
  }
  clock.Advance(kNsPerSecond);
  while ((*server)->connections() == 0) (*server)->RunOnce();
  close(fd);
}

TEST(Server, SpeaksIpv6WhereThereIsOne) {
  MockOptions options = FastOptions();
  options.host = "::1";
  auto server = Server::Create(options, &SystemClock());
  if (!server.ok()) GTEST_SKIP() << "no IPv6 here: " << server.status();
  std::thread thread([&] { EXPECT_TRUE((*server)->Run().ok()); });
  const std::string answer =
      Exchange("::1", (*server)->port(), "GET /health HTTP/1.1\r\nConnection: close\r\n\r\n");
  (*server)->Stop();
  thread.join();
  EXPECT_THAT(answer, testing::StartsWith("HTTP/1.1 200 OK"));
  EXPECT_THAT((*server)->Url(), testing::StartsWith("http://[::1]:"));
}

}  // namespace
}  // namespace drumfire::mock
