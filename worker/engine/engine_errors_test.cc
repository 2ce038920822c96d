// Is every way a request can fail told apart, and charged to the right side?
#include <gmock/gmock.h>
#include <sys/resource.h>

#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/clock/clock.h"
#include "common/plan/body_end.h"
#include "gtest/gtest.h"
#include "worker/engine/response_deadline.h"
#include "worker/engine/testing/engine_fixture.h"

namespace drumfire {
namespace {

using testing::HasSubstr;

class EngineErrors : public EngineFixture {
 protected:
  // What becomes of one request that is answered with this script.
  const Exchange& Outcome(Script script) {
    Serve([script = std::move(script)](const ServerRequest&) { return script; });
    return SendAndAwait();
  }
};

// A port without a listener: one that was just released.
std::string UnusedUrl() {
  const ScriptedServer server([](const ServerRequest&) { return Script(); });
  return server.url();
}

TEST_P(EngineErrors, RefusedConnect) {
  StartEngine({UnusedUrl()});
  const Exchange& exchange = SendAndAwait();
  EXPECT_EQ(exchange.outcome, v1::OUTCOME_FAILED);
  EXPECT_EQ(exchange.error, v1::ERROR_REFUSED);
  EXPECT_THAT(exchange.error_message, HasSubstr("127.0.0.1:"));
  EXPECT_EQ(exchange.sent_ns, -1);
  EXPECT_GE(exchange.end_ns, 0);
  EXPECT_EQ(engine().in_flight(), 0u);
}

TEST_P(EngineErrors, UnknownHost) {
  StartEngine({"http://no-such-host.invalid:80"});
  const Exchange& exchange = SendAndAwait();
  EXPECT_EQ(exchange.error, v1::ERROR_DNS);
  EXPECT_THAT(exchange.error_message, HasSubstr("no-such-host.invalid"));
}

TEST_P(EngineErrors, ConnectTimesOut) {
  plan().mutable_connections()->set_connect_timeout_ns(50 * kNsPerMs);
  // TLS to a server that never answers: the connect never ends.
  const ScriptedServer server([](const ServerRequest&) { return Script(); });
  StartEngine({absl::StrCat("https://127.0.0.1:", server.port())});
  EXPECT_EQ(SendAndAwait().error, v1::ERROR_CONNECT_TIMEOUT);
}

TEST_P(EngineErrors, NoResponseInTime) {
  plan().mutable_connections()->set_first_byte_timeout_ns(50 * kNsPerMs);
  const Exchange& exchange = Outcome({});
  EXPECT_EQ(exchange.error, v1::ERROR_FIRST_BYTE_TIMEOUT);
  EXPECT_GE(exchange.end_ns - exchange.sent_ns, 50 * kNsPerMs);
}

TEST_P(EngineErrors, ResponseNotCompleteInTime) {
  plan().mutable_connections()->set_request_timeout_ns(100 * kNsPerMs);
  const Exchange& exchange = Outcome(PacedChatStream(1000, 10 * kNsPerMs));
  EXPECT_EQ(exchange.error, v1::ERROR_REQUEST_TIMEOUT);
  EXPECT_GE(exchange.end_ns - exchange.sent_ns, 100 * kNsPerMs);
  EXPECT_GE(exchange.head_ns, exchange.sent_ns);
}

TEST_P(EngineErrors, SilentStreamStalls) {
  plan().mutable_connections()->set_stall_timeout_ns(100 * kNsPerMs);
  plan().mutable_connections()->set_request_timeout_ns(60 * kNsPerSecond);
  const Exchange& exchange = Outcome({Say(kStreamHead), Say(HttpChunk(ChatEvent("a")))});
  EXPECT_EQ(exchange.error, v1::ERROR_STALLED);
  EXPECT_EQ(exchange.content_chunks, 1u);
}

TEST_P(EngineErrors, CommentsAreNoLifeOfTheModel) {
  plan().mutable_connections()->set_stall_timeout_ns(100 * kNsPerMs);
  Script script{Say(kStreamHead), Say(HttpChunk(ChatEvent("a")))};
  for (int i = 0; i < 1000; ++i) {
    script.push_back(Pause(10 * kNsPerMs));
    script.push_back(Say(HttpChunk(": ping\n\n")));
  }
  EXPECT_EQ(Outcome(std::move(script)).error, v1::ERROR_STALLED);
}

TEST_P(EngineErrors, SlowStreamThatLivesDoesNotStall) {
  plan().mutable_connections()->set_stall_timeout_ns(5 * kNsPerSecond);
  const Exchange& exchange = Outcome(PacedChatStream(20, 20 * kNsPerMs));
  EXPECT_EQ(exchange.outcome, v1::OUTCOME_COMPLETED) << exchange.error_message;
}

TEST_P(EngineErrors, ClosedWithoutAWordOnAFreshConnection) {
  const Exchange& exchange = Outcome({CloseNow()});
  EXPECT_EQ(exchange.error, v1::ERROR_RESET);
  EXPECT_EQ(exchange.retries, 0u);
}

TEST_P(EngineErrors, ResetAmidTheStream) {
  const Exchange& exchange =
      Outcome({Say(kStreamHead), Say(HttpChunk(ChatEvent("a"))), Pause(50 * kNsPerMs), ResetNow()});
  EXPECT_EQ(exchange.error, v1::ERROR_RESET);
  EXPECT_EQ(exchange.content_chunks, 1u);
}

TEST_P(EngineErrors, TruncatedStream) {
  const Exchange& exchange =
      Outcome({Say(kStreamHead), Say(HttpChunk(ChatEvent("a"))), CloseNow()});
  EXPECT_EQ(exchange.error, v1::ERROR_TRUNCATED);
}

TEST_P(EngineErrors, BodyShorterThanItsLength) {
  const Exchange& exchange =
      Outcome({Say("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\":"), CloseNow()});
  EXPECT_EQ(exchange.error, v1::ERROR_TRUNCATED);
}

TEST_P(EngineErrors, HttpErrorKeepsTheBodyAsItCame) {
  const Exchange& exchange = Outcome({Say(Response(503, "text/html", "<h1>busy</h1>"))});
  EXPECT_EQ(exchange.error, v1::ERROR_HTTP_STATUS);
  EXPECT_EQ(exchange.http_status, 503);
  EXPECT_EQ(exchange.error_message, "<h1>busy</h1>");
  EXPECT_EQ(exchange.http_reason, "Reason");
}

TEST_P(EngineErrors, NotHttpAtAll) {
  EXPECT_EQ(Outcome({Say("SSH-2.0-OpenSSH_9.2\r\n\r\n"), CloseNow()}).error, v1::ERROR_BAD_BODY);
}

TEST_P(EngineErrors, ErrorObjectInTheStream) {
  const Exchange& exchange = Outcome({Say(
      absl::StrCat(kStreamHead, HttpChunk("data: {\"error\":{\"message\":\"engine died\"}}\n\n"),
                   HttpChunk(DoneEvent()), kLastHttpChunk))});
  EXPECT_EQ(exchange.error, v1::ERROR_IN_STREAM);
  EXPECT_THAT(exchange.error_message, HasSubstr("engine died"));
}

// A server that never ends a body must not hold a slot until the request's timeout.
TEST_P(EngineErrors, ABodyLeftOpenBehindDoneIsAGoodAnswerAndItsConnectionIsClosed) {
  const Exchange& exchange =
      Outcome({Say(absl::StrCat(kStreamHead, HttpChunk(ChatEvent("a")), HttpChunk(DoneEvent()))),
               Pause(3600 * kNsPerSecond)});
  EXPECT_EQ(exchange.outcome, v1::OUTCOME_COMPLETED);
  EXPECT_TRUE(exchange.body_left_open);
  EXPECT_EQ(exchange.end_ns, exchange.last_token_ns) << "they came in one read";
  EXPECT_GE(exchange.over_ns - exchange.end_ns, kBodyEndPatienceNs);
  Send();
  AwaitFinished(2);
  EXPECT_FALSE(finished[1]->connection_reused);
}

TEST_P(EngineErrors, HeartbeatsBehindDoneDoNotKeepTheRequestAlive) {
  Script script = {
      Say(absl::StrCat(kStreamHead, HttpChunk(ChatEvent("a")), HttpChunk(DoneEvent())))};
  for (int i = 0; i < 1000; ++i) {
    script.push_back(Pause(10 * kNsPerMs));
    script.push_back(Say(HttpChunk(":\n\n")));
  }
  script.push_back(Say(kLastHttpChunk));
  const Exchange& exchange = Outcome(script);
  EXPECT_EQ(exchange.outcome, v1::OUTCOME_COMPLETED);
  EXPECT_TRUE(exchange.body_left_open);
}

TEST_P(EngineErrors, ABodyLeftOpenBehindAnErrorEventFails) {
  const Exchange& exchange = Outcome(
      {Say(absl::StrCat(kStreamHead, HttpChunk("data: {\"error\":{\"message\":\"died\"}}\n\n"))),
       Pause(3600 * kNsPerSecond)});
  EXPECT_EQ(exchange.error, v1::ERROR_IN_STREAM);
  EXPECT_TRUE(exchange.body_left_open);
}

TEST_P(EngineErrors, AnswerWithoutAToken) {
  const Exchange& exchange = Outcome({Say(absl::StrCat(kStreamHead, HttpChunk(ChatEvent("")),
                                                       HttpChunk(DoneEvent()), kLastHttpChunk))});
  EXPECT_EQ(exchange.error, v1::ERROR_NO_OUTPUT);
}

TEST_P(EngineErrors, AnswerBeforeTheWholeRequestWasRead) {
  ScriptedServer::Options options;
  options.on_accept = [](int) { return Script{Say(Response(413, "text/plain", "too large"))}; };
  Serve([](const ServerRequest&) { return Script(); }, options);
  auto exchange = MakeExchange();
  exchange->body = std::make_shared<const std::string>(64 << 20, 'x');
  engine().Send(std::move(exchange));
  AwaitFinished(1);
  EXPECT_EQ(finished[0]->error, v1::ERROR_HTTP_STATUS);
  EXPECT_EQ(finished[0]->http_status, 413);
}

TEST_P(EngineErrors, FailingConnectsEndOneByOneWhileNewOnesStart) {
  StartEngine({UnusedUrl()});
  on_finished = [&](const Exchange&) {
    if (finished.size() < 300) Send();
  };
  for (int i = 0; i < 10; ++i) Send();
  AwaitFinished(300);
  for (const auto& exchange : finished) EXPECT_EQ(exchange->error, v1::ERROR_REFUSED);
}

// Lowers the descriptor limit to the number of open ones, and restores it at the end.
class DescriptorFamine {
 public:
  explicit DescriptorFamine(int lowest_free) {
    getrlimit(RLIMIT_NOFILE, &before_);
    rlimit now = before_;
    now.rlim_cur = lowest_free;
    setrlimit(RLIMIT_NOFILE, &now);
  }
  ~DescriptorFamine() { setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_;
};

int LowestFreeDescriptor() {
  const int fd = dup(0);
  close(fd);
  return fd;
}

TEST_P(EngineErrors, NoDescriptorLeftIsOurOwnLimit) {
  const ScriptedServer server([](const ServerRequest&) { return Script{Say(ChatStream({"a"}))}; });
  plan().mutable_connections()->set_reuse(v1::REUSE_NEVER);
  StartEngine({server.url()});
  EXPECT_EQ(SendAndAwait().outcome, v1::OUTCOME_COMPLETED);
  {
    const DescriptorFamine famine(LowestFreeDescriptor());
    for (int i = 0; i < 5; ++i) Send();
    AwaitFinished(6);
  }
  for (size_t i = 1; i < 6; ++i) EXPECT_EQ(finished[i]->error, v1::ERROR_CLIENT_LIMIT);
  EXPECT_EQ(SendAndAwait().outcome, v1::OUTCOME_COMPLETED);
}

TEST_P(EngineErrors, WithoutADescriptorFromTheFirstRequestOnEveryRequestStillEnds) {
  const ScriptedServer server([](const ServerRequest&) { return Script{Say(ChatStream({"a"}))}; });
  StartEngine({server.url()});
  {
    const DescriptorFamine famine(LowestFreeDescriptor());
    for (int i = 0; i < 5; ++i) Send();
    AwaitFinished(5);
  }
  for (const auto& exchange : finished) EXPECT_EQ(exchange->error, v1::ERROR_CLIENT_LIMIT);
  EXPECT_EQ(SendAndAwait().outcome, v1::OUTCOME_COMPLETED);
}

TEST_P(EngineErrors, PreopeningReportsWhyNothingOpened) {
  StartEngine({UnusedUrl()});
  const auto opened = engine().OpenConnections(3, SystemClock().MonotonicNs() + 20 * kNsPerSecond);
  ASSERT_FALSE(opened.ok());
  EXPECT_THAT(std::string(opened.status().message()), HasSubstr("127.0.0.1:"));
}

TEST_P(EngineErrors, PreopeningFailsWhenOneUrlOfSeveralCannotBeReached) {
  const ScriptedServer server([](const ServerRequest&) { return Script(); });
  const std::string unused = UnusedUrl();
  StartEngine({server.url(), unused});
  const auto opened = engine().OpenConnections(4, SystemClock().MonotonicNs() + 20 * kNsPerSecond);
  ASSERT_FALSE(opened.ok());
  EXPECT_THAT(std::string(opened.status().message()),
              HasSubstr(unused.substr(absl::string_view("http://").size())));
}

TEST_P(EngineErrors, PreopeningThatTakesTooLongSaysSo) {
  plan().mutable_connections()->set_connect_timeout_ns(50 * kNsPerMs);
  // TLS to a server that never says a word.
  const ScriptedServer server([](const ServerRequest&) { return Script(); });
  StartEngine({absl::StrCat("https://127.0.0.1:", server.port())});
  const auto opened = engine().OpenConnections(2, SystemClock().MonotonicNs() + 20 * kNsPerSecond);
  ASSERT_FALSE(opened.ok());
  EXPECT_THAT(std::string(opened.status().message()),
              HasSubstr("not connected within the connect timeout"));
}

TEST_P(EngineErrors, PreopeningCanBeGivenUp) {
  // TLS to a server that never says a word.
  const ScriptedServer server([](const ServerRequest&) { return Script(); });
  StartEngine({absl::StrCat("https://127.0.0.1:", server.port())});
  std::thread gives_up([this] { engine().GiveUpOpening(); });
  const int64_t deadline_ns = SystemClock().MonotonicNs() + 3600 * kNsPerSecond;
  EXPECT_FALSE(engine().OpenConnections(2, deadline_ns).ok());
  gives_up.join();
  EXPECT_LT(SystemClock().MonotonicNs(), deadline_ns);
}

TEST_P(EngineErrors, UrlWithoutHttpIsRefusedAtOnce) {
  plan().add_urls("ftp://127.0.0.1/");
  const auto engine = MakeEngine(plan(), SystemClock(), this);
  ASSERT_FALSE(engine.ok());
  EXPECT_EQ(engine.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(engine.status().message()), HasSubstr("ftp://127.0.0.1/"));
}

INSTANTIATE_TEST_SUITE_P(Both, EngineErrors, testing::ValuesIn(kBothEngines), EngineName);

}  // namespace
}  // namespace drumfire
