// Are connections opened, reused, dropped and retried as the plan says, and is nothing in flight
// forgotten?
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <unistd.h>

#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/clock/clock.h"
#include "gtest/gtest.h"
#include "worker/engine/stale_connection.h"
#include "worker/engine/testing/engine_fixture.h"

namespace drumfire {
namespace {

int64_t Soon() { return SystemClock().MonotonicNs() + 20 * kNsPerSecond; }

class EngineConnections : public EngineFixture {
 protected:
  // Answers every request with a short stream, unless the handler is set.
  void Serve(ScriptedServer::Handler handler = nullptr) {
    if (!handler) handler = [](const ServerRequest&) { return Script{Say(ChatStream({"a"}))}; };
    server_ = std::make_unique<ScriptedServer>(std::move(handler));
    StartEngine({server_->url()});
  }

  // Sends a request whose body is the session's number.
  void SendTurn(uint64_t session, bool is_last) {
    auto exchange = MakeExchange();
    exchange->session = session;
    exchange->last_of_session = is_last;
    exchange->body = std::make_shared<const std::string>(absl::StrCat(session));
    exchange->head = absl::StrCat(
        "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: ", exchange->body->size(), "\r\n\r\n");
    engine().Send(std::move(exchange));
  }

  void ExpectAllCompleted() {
    for (const auto& exchange : finished) {
      EXPECT_EQ(exchange->outcome, v1::OUTCOME_COMPLETED) << exchange->error_message;
    }
  }

  std::vector<ServerStep> ends_;
  std::unique_ptr<ScriptedServer> server_;
};

TEST_P(EngineConnections, IdleConnectionClosedAsWeSendIsRetriedOnce) {
  Serve([](const ServerRequest& request) {
    return request.number == 1 ? Script{CloseNow()} : Script{Say(ChatStream({"a"}))};
  });
  SendAndAwait();
  const Exchange& retried = SendAndAwait();
  ExpectAllCompleted();
  EXPECT_EQ(retried.retries, 1u);
  EXPECT_FALSE(retried.connection_reused);
  EXPECT_EQ(engine().counters().retries, 1u);
  EXPECT_EQ(server_->requests(), 3);
}

TEST_P(EngineConnections, ResetBeforeTheAnswerIsRetriedToo) {
  Serve([](const ServerRequest& request) {
    return request.number == 1 ? Script{ResetNow()} : Script{Say(ChatStream({"a"}))};
  });
  SendAndAwait();
  EXPECT_EQ(SendAndAwait().retries, 1u);
  ExpectAllCompleted();
}

// A balancer that reads the request before it drops the connection takes a while.
TEST_P(EngineConnections, ResetSomeTensOfMsAfterTheSendIsStaleStill) {
  Serve([](const ServerRequest& request) {
    return request.number == 1 ? Script{Pause(20 * kNsPerMs), ResetNow()}
                               : Script{Say(ChatStream({"a"}))};
  });
  SendAndAwait();
  const Exchange& retried = SendAndAwait();
  ExpectAllCompleted();
  EXPECT_EQ(retried.retries, 1u);
  EXPECT_GE(retried.stale_connection_ns, 20 * kNsPerMs);
  EXPECT_GT(retried.sent_ns - finished[0]->end_ns, retried.stale_connection_ns);
  EXPECT_TRUE(retried.connection_replaced);
  EXPECT_EQ(engine().counters().replacing_connects, 1u);
}

TEST_P(EngineConnections, ConnectionsThatEndLaterAreErrorsAndNotSentAgain) {
  for (const ServerStep& end : {ResetNow(), CloseNow()}) {
    ends_.push_back(end);
  }
  Serve([this](const ServerRequest& request) {
    return request.number == 1 ? Script{Pause(2 * kStaleFloorNs), ends_[request.connection]}
                               : Script{Say(ChatStream({"a"}))};
  });
  for (size_t i = 0; i < ends_.size(); ++i) {
    SendAndAwait();
    const Exchange& lost = SendAndAwait();
    EXPECT_EQ(lost.outcome, v1::OUTCOME_FAILED);
    EXPECT_EQ(lost.error, v1::ERROR_RESET);
    EXPECT_EQ(lost.retries, 0u);
    EXPECT_EQ(lost.stale_connection_ns, 0);
    EXPECT_TRUE(lost.connection_reused);
  }
  EXPECT_EQ(server_->requests(), 4);
  EXPECT_EQ(server_->connections(), 2);
  EXPECT_EQ(engine().counters().retries, 0u);
}

// libcurl 7.88 counts its own retries over a handle's whole life, and gives up at the sixth.
TEST_P(EngineConnections, StaleConnectionsNeverAddUpToAFailure) {
  Serve([](const ServerRequest& request) {
    return request.number == 1 ? Script{ResetNow()} : Script{Say(ChatStream({"a"}))};
  });
  for (int i = 0; i < 20; ++i) SendAndAwait();
  ExpectAllCompleted();
  EXPECT_EQ(engine().counters().retries, 19u);
}

// Other idle connections are likely to be as stale as this one.
TEST_P(EngineConnections, RetriesOnANewConnectionNotOnAnotherIdleOne) {
  Serve([](const ServerRequest& request) {
    return request.connection < 5 && request.number > 0 ? Script{ResetNow()}
                                                        : Script{Say(ChatStream({"a"}))};
  });
  for (int i = 0; i < 5; ++i) Send();
  AwaitFinished(5);
  const Exchange& retried = SendAndAwait();
  ExpectAllCompleted();
  EXPECT_EQ(retried.retries, 1u);
  EXPECT_FALSE(retried.connection_reused);
}

TEST_P(EngineConnections, OnlyConnectionsThatTheServerClosedAreReplaced) {
  // Slow enough for all requests of a wave to be under way at once.
  Serve([](const ServerRequest& request) {
    Script script{Pause(50 * kNsPerMs), Say(ChatStream({"a"}))};
    if (request.connection == 1) script.push_back(CloseNow());
    return script;
  });
  for (int i = 0; i < 3; ++i) Send();  // the pool grows
  AwaitFinished(3);
  for (const auto& exchange : finished) EXPECT_FALSE(exchange->connection_replaced);
  AwaitTrue([&] { return server_->open() == 2; });
  for (int i = 0; i < 4; ++i) Send();  // one for the closed one, one more
  AwaitFinished(7);
  ExpectAllCompleted();
  EXPECT_EQ(engine().counters().connects, 5u);
  EXPECT_EQ(engine().counters().replacing_connects, 1u);
}

TEST_P(EngineConnections, ConnectionsThatWeCloseAreNotReplaced) {
  plan().mutable_connections()->set_max_idle_ns(1);
  Serve();
  for (int i = 0; i < 3; ++i) SendAndAwait();
  EXPECT_EQ(engine().counters().connects, 3u);
  EXPECT_EQ(engine().counters().replacing_connects, 0u);
}

TEST_P(EngineConnections, AServerThatAlwaysClosesHasEachConnectionReplaced) {
  const std::string events = absl::StrCat(ChatEvent("a"), DoneEvent());
  const std::string answer = absl::StrCat(
      "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/event-stream\r\n"
      "Content-Length: ",
      events.size(), "\r\n\r\n", events);
  Serve([&](const ServerRequest&) { return Script{Say(answer)}; });
  for (int i = 0; i < 4; ++i) SendAndAwait();
  EXPECT_EQ(engine().counters().connects, 4u);
  EXPECT_EQ(engine().counters().replacing_connects, 3u);
  EXPECT_TRUE(finished[3]->connection_replaced);
}

TEST_P(EngineConnections, NoSecondRetry) {
  Serve([](const ServerRequest& request) {
    const bool is_first = request.connection == 0 && request.number == 0;
    return is_first ? Script{Say(ChatStream({"a"}))} : Script{CloseNow()};
  });
  SendAndAwait();
  const Exchange& lost = SendAndAwait();
  EXPECT_EQ(lost.error, v1::ERROR_RESET);
  EXPECT_EQ(lost.retries, 1u);
  EXPECT_EQ(server_->requests(), 3);
}

TEST_P(EngineConnections, NoRetryOnceAByteOfTheAnswerCame) {
  Serve([](const ServerRequest& request) {
    return request.number == 1 ? Script{Say("HTTP/1.1 100 Continue\r\n\r\n"), CloseNow()}
                               : Script{Say(ChatStream({"a"}))};
  });
  SendAndAwait();
  const Exchange& lost = SendAndAwait();
  EXPECT_EQ(lost.outcome, v1::OUTCOME_FAILED);
  EXPECT_EQ(lost.retries, 0u);
}

TEST_P(EngineConnections, KeepsOneConnectionForRequestsInARow) {
  Serve();
  for (int i = 0; i < 20; ++i) SendAndAwait();
  ExpectAllCompleted();
  EXPECT_EQ(server_->connections(), 1);
  EXPECT_FALSE(finished[0]->connection_reused);
  EXPECT_GT(finished[0]->connect_ns, 0);
  EXPECT_TRUE(finished[19]->connection_reused);
  EXPECT_EQ(finished[19]->connect_ns, 0);
  EXPECT_EQ(engine().counters().connects, 1u);
}

TEST_P(EngineConnections, ServerSaysClose) {
  Serve([](const ServerRequest&) {
    return Script{
        Say("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/event-stream\r\n"
            "Content-Length: 14\r\n\r\ndata: [DONE]\n\n")};
  });
  SendAndAwait();
  SendAndAwait();
  EXPECT_EQ(server_->connections(), 2);
  EXPECT_EQ(finished[1]->retries, 0u);
}

TEST_P(EngineConnections, StrayBytesAfterTheAnswerCloseIt) {
  Serve([](const ServerRequest&) {
    return Script{Say(absl::StrCat(ChatStream({"a"}), "HTTP/1.1 200 OK\r\n"))};
  });
  SendAndAwait();
  SendAndAwait();
  ExpectAllCompleted();
  EXPECT_EQ(server_->connections(), 2);
  EXPECT_EQ(finished[1]->retries, 0u);
}

TEST_P(EngineConnections, ClosedIdleConnectionIsDroppedNotTried) {
  Serve([](const ServerRequest& request) {
    return request.connection == 0 ? Script{Say(ChatStream({"a"})), CloseNow()}
                                   : Script{Say(ChatStream({"a"}))};
  });
  SendAndAwait();
  AwaitTrue([&] { return server_->open() == 0; });
  engine().Poll(0, false);
  EXPECT_EQ(SendAndAwait().retries, 0u);
  ExpectAllCompleted();
}

TEST_P(EngineConnections, ConnectionIdleForTooLongIsNotReused) {
  plan().mutable_connections()->set_max_idle_ns(1);
  Serve();
  for (int i = 0; i < 3; ++i) SendAndAwait();
  ExpectAllCompleted();
  EXPECT_EQ(server_->connections(), 3);
}

TEST_P(EngineConnections, NeverReusesUnderThatPolicy) {
  plan().mutable_connections()->set_reuse(v1::REUSE_NEVER);
  Serve();
  for (int i = 0; i < 3; ++i) SendAndAwait();
  ExpectAllCompleted();
  EXPECT_EQ(server_->connections(), 3);
}

TEST_P(EngineConnections, SessionKeepsItsConnectionUntilItsLastTurn) {
  plan().mutable_connections()->set_reuse(v1::REUSE_STICKY_USER_SESSIONS);
  std::set<std::pair<std::string, int>> seen;
  Serve([&](const ServerRequest& request) {
    seen.insert({request.body, request.connection});
    return Script{Say(ChatStream({"a"}))};
  });
  for (int turn = 0; turn < 3; ++turn) {
    for (uint64_t session : {7, 8}) SendTurn(session, /*is_last=*/turn == 2);
    AwaitFinished(2 * (turn + 1));
  }
  ExpectAllCompleted();
  EXPECT_EQ(seen.size(), 2u);  // each session on one connection
  SendAndAwait();
  EXPECT_EQ(server_->connections(), 3);  // the last turns closed theirs
}

TEST_P(EngineConnections, SessionsStartOnConnectionsOpenedAhead) {
  plan().mutable_connections()->set_reuse(v1::REUSE_STICKY_USER_SESSIONS);
  Serve();
  ASSERT_TRUE(engine().OpenConnections(20, Soon()).ok());
  for (bool is_last : {false, true}) {
    for (uint64_t session = 0; session < 20; ++session) SendTurn(session, is_last);
    AwaitFinished(is_last ? 40 : 20);
  }
  ExpectAllCompleted();
  for (const auto& exchange : finished) EXPECT_TRUE(exchange->connection_reused);
  EXPECT_EQ(server_->connections(), 20);
}

TEST_P(EngineConnections, SessionThatPausedForTooLongConnectsAnew) {
  plan().mutable_connections()->set_reuse(v1::REUSE_STICKY_USER_SESSIONS);
  plan().mutable_connections()->set_max_idle_ns(1);
  Serve();
  for (size_t turn = 0; turn < 3; ++turn) {
    SendTurn(7, /*is_last=*/turn == 2);
    AwaitFinished(turn + 1);
  }
  ExpectAllCompleted();
  EXPECT_EQ(server_->connections(), 3);
}

TEST_P(EngineConnections, TurnsOfOneSessionAtOnceLeaveItOneConnection) {
  plan().mutable_connections()->set_reuse(v1::REUSE_STICKY_USER_SESSIONS);
  Serve();
  for (int i = 0; i < 2; ++i) SendTurn(7, /*is_last=*/false);
  AwaitFinished(2);
  SendTurn(7, /*is_last=*/true);
  AwaitFinished(3);
  SendTurn(8, /*is_last=*/true);
  AwaitFinished(4);
  ExpectAllCompleted();
  EXPECT_TRUE(finished[2]->connection_reused);
  EXPECT_FALSE(finished[3]->connection_reused);
  EXPECT_EQ(server_->connections(), 3);
}

TEST_P(EngineConnections, TriesAllAddressesOfAName) {
  // Nobody listens on ::1, the first address of localhost.
  server_ = std::make_unique<ScriptedServer>(
      [](const ServerRequest&) { return Script{Say(ChatStream({"a"}))}; });
  StartEngine({absl::StrCat("http://localhost:", server_->port())});
  SendAndAwait();
  ExpectAllCompleted();
}

TEST_P(EngineConnections, SendsToTheUrlOfTheRequest) {
  const auto answer = [](absl::string_view text) {
    return [text](const ServerRequest&) { return Script{Say(ChatStream({std::string(text)}))}; };
  };
  const ScriptedServer first(answer("a"));
  const ScriptedServer second(answer("b"));
  StartEngine({first.url(), second.url()});
  for (uint32_t url : {0, 1, 1, 0, 1}) engine().Send(MakeExchange(url));
  AwaitFinished(5);
  ExpectAllCompleted();
  for (const auto& exchange : finished) {
    EXPECT_EQ(exchange->escaped_text, exchange->url == 0 ? "a" : "b");
  }
}

TEST_P(EngineConnections, PreopenedConnectionsCarryTheFirstWave) {
  Serve();
  const auto opened = engine().OpenConnections(50, Soon());
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(*opened, 50u);
  for (int i = 0; i < 50; ++i) Send();
  AwaitFinished(50);
  ExpectAllCompleted();
  for (const auto& exchange : finished) EXPECT_TRUE(exchange->connection_reused);
  EXPECT_EQ(server_->connections(), 50);
}

TEST_P(EngineConnections, PreopeningCountsWhatIsOpenAlready) {
  Serve();
  ASSERT_TRUE(engine().OpenConnections(10, Soon()).ok());
  const auto opened = engine().OpenConnections(15, Soon());
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(*opened, 15u);
  EXPECT_EQ(engine().counters().connects, 15u);
}

TEST_P(EngineConnections, PreopeningCountsWhatRequestsLeftOpen) {
  Serve();
  for (int i = 0; i < 10; ++i) Send();
  AwaitFinished(10);
  ASSERT_TRUE(engine().OpenConnections(15, Soon()).ok());
  EXPECT_EQ(engine().counters().connects, 15u);
  for (int i = 0; i < 15; ++i) Send();
  AwaitFinished(25);
  ExpectAllCompleted();
  EXPECT_EQ(server_->connections(), 15);
}

TEST_P(EngineConnections, PreopeningDoesNotCountWhatTheServerClosed) {
  Serve([](const ServerRequest& request) {
    return request.connection < 5 ? Script{Say(ChatStream({"a"})), CloseNow()}
                                  : Script{Say(ChatStream({"a"}))};
  });
  for (int i = 0; i < 5; ++i) Send();
  AwaitFinished(5);
  AwaitTrue([&] { return server_->open() == 0; });
  const auto opened = engine().OpenConnections(5, Soon());
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(*opened, 5u);
  AwaitTrue([&] { return server_->open() == 5; });  // they are open before the server accepts them
  EXPECT_EQ(server_->connections(), 10);
}

TEST_P(EngineConnections, PreopeningSendsNothing) {
  ScriptedServer::Options options;
  options.on_accept = [](int) { return Script{Pause(50 * kNsPerMs), CloseNow()}; };
  const ScriptedServer server([](const ServerRequest&) { return Script{CloseNow()}; }, options);
  StartEngine({server.url()});
  ASSERT_TRUE(engine().OpenConnections(20, Soon()).ok());
  AwaitTrue([&] { return server.connections() == 20 && server.open() == 0; });
  EXPECT_EQ(server.requests(), 0);
  EXPECT_EQ(engine().counters().bytes_sent, 0u);
}

TEST_P(EngineConnections, PreopenedConnectionClosedAsWeSendIsRetried) {
  Serve([](const ServerRequest& request) {
    return request.connection == 0 ? Script{CloseNow()} : Script{Say(ChatStream({"a"}))};
  });
  ASSERT_TRUE(engine().OpenConnections(1, Soon()).ok());
  EXPECT_EQ(SendAndAwait().retries, 1u);
  ExpectAllCompleted();
}

TEST_P(EngineConnections, PreopeningSpreadsOverTheUrls) {
  const auto answer = [](const ServerRequest&) { return Script{Say(ChatStream({"a"}))}; };
  const ScriptedServer first(answer);
  const ScriptedServer second(answer);
  StartEngine({first.url(), second.url()});
  const auto opened = engine().OpenConnections(101, Soon());
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(*opened, 101u);
  for (uint32_t i = 0; i < 101; ++i) engine().Send(MakeExchange(i % 2));
  AwaitFinished(101);
  ExpectAllCompleted();
  for (const auto& exchange : finished) EXPECT_TRUE(exchange->connection_reused);
  EXPECT_EQ(first.connections(), 51);
  EXPECT_EQ(second.connections(), 50);
}

TEST_P(EngineConnections, PreopenedConnectionServesOneRequestWhenNoneIsReused) {
  plan().mutable_connections()->set_reuse(v1::REUSE_NEVER);
  Serve();
  ASSERT_TRUE(engine().OpenConnections(1, Soon()).ok());
  EXPECT_TRUE(SendAndAwait().connection_reused);
  EXPECT_FALSE(SendAndAwait().connection_reused);
  ExpectAllCompleted();
  EXPECT_EQ(server_->connections(), 2);
}

TEST_P(EngineConnections, OpeningAheadCarriesTheNextRequests) {
  Serve();
  ASSERT_TRUE(engine().OpenConnections(1, Soon()).ok());
  engine().OpenAhead(0, 3);
  EXPECT_EQ(engine().in_flight(), 0u);
  AwaitTrue([&] { return server_->connections() == 3; });
  AwaitTrue([&] { return engine().OpenConnections(3, Soon()).value_or(0) == 3; });
  engine().OpenAhead(0, 3);  // there are enough
  for (int i = 0; i < 3; ++i) Send();
  AwaitFinished(3);
  ExpectAllCompleted();
  for (const auto& exchange : finished) EXPECT_TRUE(exchange->connection_reused);
  EXPECT_EQ(server_->connections(), 3);
}

TEST_P(EngineConnections, OpeningAheadBeginsAFewAtATime) {
  Serve();
  engine().OpenAhead(0, 1000);
  AwaitTrue([&] { return server_->connections() >= static_cast<int>(kMaxBegunAhead); });
  for (int turn = 0; turn < 10; ++turn) engine().Poll(SystemClock().MonotonicNs(), false);
  EXPECT_EQ(server_->connections(), static_cast<int>(kMaxBegunAhead));
}

TEST_P(EngineConnections, CancelAllEndsEveryRequestOnce) {
  Serve([](const ServerRequest&) { return PacedChatStream(100'000, kNsPerMs); });
  ASSERT_TRUE(engine().OpenConnections(5, Soon()).ok());
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
TEST_P(EngineConnections, WhatIsCancelledIsNotSentByTheKernelLater) {
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

TEST_P(EngineConnections, OwnerMaySendFromOnFinished) {
  Serve();
  on_finished = [&](const Exchange&) {
    if (finished.size() + engine().in_flight() < 500) Send();
  };
  for (int i = 0; i < 8; ++i) Send();
  AwaitFinished(500);
  ExpectAllCompleted();
  EXPECT_LE(server_->connections(), 8);
}

TEST_P(EngineConnections, OwnerMaySendWhileAllIsCancelled) {
  Serve([](const ServerRequest& request) {
    return request.connection < 3 ? Script() : Script{Say(ChatStream({"a"}))};
  });
  for (int i = 0; i < 3; ++i) Send();
  AwaitTrue([&] { return server_->requests() == 3; });
  on_finished = [&](const Exchange& exchange) {
    if (exchange.outcome == v1::OUTCOME_CANCELLED) Send();
  };
  engine().CancelAll();
  AwaitFinished(6);
  EXPECT_EQ(finished[5]->outcome, v1::OUTCOME_COMPLETED) << finished[5]->error_message;
}

TEST_P(EngineConnections, WakeEndsAPollFromAnotherThread) {
  Serve();
  std::thread waker([&] { engine().Wake(); });
  // Hangs until the test's time-out when the wake-up is lost.
  engine().Poll(SystemClock().MonotonicNs() + 3600 * kNsPerSecond, false);
  waker.join();
}

TEST_P(EngineConnections, PollWithADueDeadlineReturnsNotBeforeIt) {
  plan().mutable_engine()->set_spin_ns(200 * kNsPerUs);
  Serve();
  const int64_t due_ns = SystemClock().MonotonicNs() + 2 * kNsPerMs;
  engine().Poll(due_ns, true);
  EXPECT_GE(SystemClock().MonotonicNs(), due_ns);
}

TEST_P(EngineConnections, DestroyedWithRequestsInFlight) {
  Serve([](const ServerRequest&) { return PacedChatStream(100'000, kNsPerMs); });
  for (int i = 0; i < 5; ++i) Send();
  AwaitTrue([&] { return server_->requests() >= 3; });
}

INSTANTIATE_TEST_SUITE_P(Both, EngineConnections, testing::ValuesIn(kBothEngines), EngineName);

}  // namespace
}  // namespace drumfire
