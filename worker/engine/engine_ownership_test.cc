// Does every request come back to its owner once, and may the owner send, cancel and wake at any
// time?
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "absl/strings/str_cat.h"
#include "common/clock/clock.h"
#include "gtest/gtest.h"
#include "worker/engine/testing/engine_fixture.h"

namespace drumfire {
namespace {

int64_t OwnershipDeadline() { return SystemClock().MonotonicNs() + 20 * kNsPerSecond; }

class EngineOwnership : public EngineFixture {};

TEST_P(EngineOwnership, CancelAllEndsEveryRequestOnce) {
  Serve([](const ServerRequest&) { return PacedChatStream(100'000, kNsPerMs); });
  ASSERT_TRUE(engine().OpenConnections(5, OwnershipDeadline()).ok());
  for (int i = 0; i < 10; ++i) Send();  // half on open connections, half still connecting
  EXPECT_EQ(engine().in_flight(), 10u);
  engine().CancelAll();
  EXPECT_EQ(engine().in_flight(), 0u);
  ASSERT_EQ(finished.size(), 10u);
  for (const auto& exchange : finished) {
    EXPECT_EQ(exchange->outcome, v1::OUTCOME_CANCELLED);
    EXPECT_GE(exchange->end_ns, 0);
  }
}

// The answer was whole: only its body's end was waited for.
TEST_P(EngineOwnership, CancelAllLeavesAnAnswerThatHadEndedComplete) {
  const std::string ended[] = {
      absl::StrCat(kStreamHead, HttpChunk(ChatEvent("a")), HttpChunk(DoneEvent())),
      absl::StrCat(kStreamHead, HttpChunk(ChatEvent("a")),
                   HttpChunk("data: {\"error\":{\"message\":\"died\"}}\n\n"))};
  size_t next = 0;
  Serve([&](const ServerRequest&) {
    return Script{Say(ended[next++ % 2]), Pause(3600 * kNsPerSecond)};
  });
  for (size_t request = 0; request < 2; ++request) {
    auto exchange = MakeExchange();
    const Exchange* const sent = exchange.get();
    engine().Send(std::move(exchange));
    AwaitTrue([&] { return finished.size() > request || sent->last_token_ns >= 0; });
    engine().CancelAll();
    AwaitFinished(request + 1);
  }
  EXPECT_EQ(finished[0]->outcome, v1::OUTCOME_COMPLETED);
  EXPECT_GE(finished[0]->end_ns, finished[0]->last_token_ns);
  EXPECT_GE(finished[0]->over_ns, finished[0]->end_ns);
  EXPECT_EQ(finished[1]->outcome, v1::OUTCOME_FAILED);
  EXPECT_EQ(finished[1]->error, v1::ERROR_IN_STREAM);
}

// A listener that reads nothing until it is asked to.
class IdleListener {
 public:
  IdleListener() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const int size_bytes = 4096;
    setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &size_bytes, sizeof(size_bytes));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(fd_, any, size), 0);
    EXPECT_EQ(listen(fd_, 1), 0);
    EXPECT_EQ(getsockname(fd_, any, &size), 0);
    port_ = ntohs(address.sin_port);
  }
  ~IdleListener() { close(fd_); }
  std::string url() const { return absl::StrCat("http://127.0.0.1:", port_); }

  // Reads what ever comes of one connection; how it ended, 0 or an errno.
  int ReadToTheEnd(size_t* bytes) {
    const int peer = accept(fd_, nullptr, nullptr);
    char buffer[4096];
    ssize_t got = 0;
    while ((got = read(peer, buffer, sizeof(buffer))) > 0) *bytes += static_cast<size_t>(got);
    const int error = got < 0 ? errno : 0;
    close(peer);
    return error;
  }

 private:
  const int fd_;
  int port_ = 0;
};

// Else the kernel would send it when the server reads again or the link comes back, after the
// lease.
TEST_P(EngineOwnership, WhatIsCancelledIsNotSentByTheKernelLater) {
  constexpr size_t kBodyBytes = 1 << 20;
  IdleListener listener;
  StartEngine({listener.url()});
  auto exchange = MakeExchange();
  exchange->body = std::make_shared<const std::string>(kBodyBytes, 'x');
  exchange->head = absl::StrCat(
      "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: ", kBodyBytes, "\r\n\r\n");
  engine().Send(std::move(exchange));
  AwaitTrue([&] { return engine().counters().connects > 0 || GetParam() == v1::ENGINE_CURL; });
  for (int turn = 0; turn < 20; ++turn) {
    engine().Poll(SystemClock().MonotonicNs() + 5 * kNsPerMs, false);
  }
  engine().CancelAll();
  ASSERT_EQ(finished.size(), 1u);
  size_t bytes = 0;
  EXPECT_EQ(listener.ReadToTheEnd(&bytes), ECONNRESET);
  EXPECT_LT(bytes, kBodyBytes / 4);
}

TEST_P(EngineOwnership, OwnerMaySendFromOnFinished) {
  Serve();
  on_finished = [&](const Exchange&) {
    if (finished.size() + engine().in_flight() < 500) Send();
  };
  for (int i = 0; i < 8; ++i) Send();
  AwaitFinished(500);
  ExpectAllCompleted();
  EXPECT_LE(server().connections(), 8);
}

TEST_P(EngineOwnership, OwnerMaySendWhileAllIsCancelled) {
  Serve([](const ServerRequest& request) {
    return request.connection < 3 ? Script() : Script{Say(ChatStream({"a"}))};
  });
  for (int i = 0; i < 3; ++i) Send();
  AwaitTrue([&] { return server().requests() == 3; });
  on_finished = [&](const Exchange& exchange) {
    if (exchange.outcome == v1::OUTCOME_CANCELLED) Send();
  };
  engine().CancelAll();
  AwaitFinished(6);
  EXPECT_EQ(finished[5]->outcome, v1::OUTCOME_COMPLETED) << finished[5]->error_message;
}

TEST_P(EngineOwnership, WakeEndsAPollFromAnotherThread) {
  Serve();
  std::thread waker([&] { engine().Wake(); });
  // Hangs until the test's timeout when the wake-up is lost.
  engine().Poll(SystemClock().MonotonicNs() + 3600 * kNsPerSecond, false);
  waker.join();
}

TEST_P(EngineOwnership, PollWithADueDeadlineReturnsNotBeforeIt) {
  plan().mutable_engine()->set_spin_ns(200 * kNsPerUs);
  Serve();
  const int64_t due_ns = SystemClock().MonotonicNs() + 2 * kNsPerMs;
  engine().Poll(due_ns, true);
  EXPECT_GE(SystemClock().MonotonicNs(), due_ns);
}

TEST_P(EngineOwnership, DestroyedWithRequestsInFlight) {
  Serve([](const ServerRequest&) { return PacedChatStream(100'000, kNsPerMs); });
  for (int i = 0; i < 5; ++i) Send();
  AwaitTrue([&] { return server().requests() >= 3; });
}

INSTANTIATE_TEST_SUITE_P(Both, EngineOwnership, testing::ValuesIn(kBothEngines), EngineName);

}  // namespace
}  // namespace drumfire
