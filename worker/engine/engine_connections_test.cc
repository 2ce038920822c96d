// Are connections opened, reused, replaced and dropped as the plan says?
#include <set>

#include "absl/strings/str_cat.h"
#include "common/clock/clock.h"
#include "gtest/gtest.h"
#include "worker/engine/testing/engine_fixture.h"

namespace drumfire {
namespace {

int64_t Soon() { return SystemClock().MonotonicNs() + 20 * kNsPerSecond; }

class EngineConnections : public EngineFixture {
 protected:
  // Sends a request whose body is the session's number.
  void SendTurn(uint64_t session, bool is_last) {
    auto exchange = MakeExchange();
    exchange->session = session;
    exchange->turns = is_last ? 1 : 2;
    exchange->body = std::make_shared<const std::string>(absl::StrCat(session));
    exchange->head = absl::StrCat(
        "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: ", exchange->body->size(), "\r\n\r\n");
    engine().Send(std::move(exchange));
  }
};

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
  AwaitTrue([&] { return server().open() == 2; });
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

TEST_P(EngineConnections, WithoutALimitIdleConnectionsAreKept) {
  plan().mutable_connections()->set_max_idle_ns(0);
  Serve();
  for (int i = 0; i < 4; ++i) {
    SendAndAwait();
    int polls = 0;
    AwaitTrue([&polls] { return ++polls > 3; });
  }
  ExpectAllCompleted();
  EXPECT_EQ(server().connections(), 1);
}

TEST_P(EngineConnections, KeepsOneConnectionForRequestsInARow) {
  Serve();
  for (int i = 0; i < 20; ++i) SendAndAwait();
  ExpectAllCompleted();
  EXPECT_EQ(server().connections(), 1);
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
  EXPECT_EQ(server().connections(), 2);
  EXPECT_EQ(finished[1]->retries, 0u);
}

TEST_P(EngineConnections, StrayBytesAfterTheAnswerCloseIt) {
  Serve([](const ServerRequest&) {
    return Script{Say(absl::StrCat(ChatStream({"a"}), "HTTP/1.1 200 OK\r\n"))};
  });
  SendAndAwait();
  SendAndAwait();
  ExpectAllCompleted();
  EXPECT_EQ(server().connections(), 2);
  EXPECT_EQ(finished[1]->retries, 0u);
}

TEST_P(EngineConnections, ClosedIdleConnectionIsDroppedNotTried) {
  Serve([](const ServerRequest& request) {
    return request.connection == 0 ? Script{Say(ChatStream({"a"})), CloseNow()}
                                   : Script{Say(ChatStream({"a"}))};
  });
  SendAndAwait();
  AwaitTrue([&] { return server().open() == 0; });
  engine().Poll(0, false);
  EXPECT_EQ(SendAndAwait().retries, 0u);
  ExpectAllCompleted();
}

TEST_P(EngineConnections, ConnectionIdleForTooLongIsNotReused) {
  plan().mutable_connections()->set_max_idle_ns(1);
  Serve();
  for (int i = 0; i < 3; ++i) SendAndAwait();
  ExpectAllCompleted();
  EXPECT_EQ(server().connections(), 3);
}

TEST_P(EngineConnections, NeverReusesUnderThatPolicy) {
  plan().mutable_connections()->set_reuse(v1::REUSE_NEVER);
  Serve();
  for (int i = 0; i < 3; ++i) SendAndAwait();
  ExpectAllCompleted();
  EXPECT_EQ(server().connections(), 3);
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
  EXPECT_EQ(server().connections(), 3);  // the last turns closed theirs
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
  EXPECT_EQ(server().connections(), 20);
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
  EXPECT_EQ(server().connections(), 3);
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
  EXPECT_EQ(server().connections(), 3);
}

TEST_P(EngineConnections, TriesAllAddressesOfAName) {
  // Nobody listens on ::1, the first address of localhost.
  const ScriptedServer server([](const ServerRequest&) { return Script{Say(ChatStream({"a"}))}; });
  StartEngine({absl::StrCat("http://localhost:", server.port())});
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

INSTANTIATE_TEST_SUITE_P(Both, EngineConnections, testing::ValuesIn(kBothEngines), EngineName);

}  // namespace
}  // namespace drumfire
