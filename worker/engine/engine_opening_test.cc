// Are connections opened before requests need them, as many as asked for, and nothing sent on them?
#include "common/clock/clock.h"
#include "gtest/gtest.h"
#include "worker/engine/testing/engine_fixture.h"

namespace drumfire {
namespace {

int64_t OpeningDeadline() { return SystemClock().MonotonicNs() + 20 * kNsPerSecond; }

class EngineOpening : public EngineFixture {};

TEST_P(EngineOpening, PreopenedConnectionsCarryTheFirstWave) {
  Serve();
  const auto opened = engine().OpenConnections(50, OpeningDeadline());
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(*opened, 50u);
  for (int i = 0; i < 50; ++i) Send();
  AwaitFinished(50);
  ExpectAllCompleted();
  for (const auto& exchange : finished) EXPECT_TRUE(exchange->connection_reused);
  EXPECT_EQ(server().connections(), 50);
}

TEST_P(EngineOpening, PreopeningCountsWhatIsOpenAlready) {
  Serve();
  ASSERT_TRUE(engine().OpenConnections(10, OpeningDeadline()).ok());
  const auto opened = engine().OpenConnections(15, OpeningDeadline());
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(*opened, 15u);
  EXPECT_EQ(engine().counters().connects, 15u);
}

TEST_P(EngineOpening, PreopeningCountsWhatRequestsLeftOpen) {
  Serve();
  for (int i = 0; i < 10; ++i) Send();
  AwaitFinished(10);
  ASSERT_TRUE(engine().OpenConnections(15, OpeningDeadline()).ok());
  EXPECT_EQ(engine().counters().connects, 15u);
  for (int i = 0; i < 15; ++i) Send();
  AwaitFinished(25);
  ExpectAllCompleted();
  EXPECT_EQ(server().connections(), 15);
}

TEST_P(EngineOpening, PreopeningDoesNotCountWhatTheServerClosed) {
  Serve([](const ServerRequest& request) {
    return request.connection < 5 ? Script{Say(ChatStream({"a"})), CloseNow()}
                                  : Script{Say(ChatStream({"a"}))};
  });
  for (int i = 0; i < 5; ++i) Send();
  AwaitFinished(5);
  AwaitTrue([&] { return server().open() == 0; });
  const auto opened = engine().OpenConnections(5, OpeningDeadline());
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(*opened, 5u);
  AwaitTrue([&] { return server().open() == 5; });  // they are open before the server accepts them
  EXPECT_EQ(server().connections(), 10);
}

TEST_P(EngineOpening, PreopeningSendsNothing) {
  ScriptedServer::Options options;
  options.on_accept = [](int) { return Script{Pause(50 * kNsPerMs), CloseNow()}; };
  const ScriptedServer server([](const ServerRequest&) { return Script{CloseNow()}; }, options);
  StartEngine({server.url()});
  ASSERT_TRUE(engine().OpenConnections(20, OpeningDeadline()).ok());
  AwaitTrue([&] { return server.connections() == 20 && server.open() == 0; });
  EXPECT_EQ(server.requests(), 0);
  EXPECT_EQ(engine().counters().bytes_sent, 0u);
}

TEST_P(EngineOpening, PreopeningSpreadsOverTheUrls) {
  const auto answer = [](const ServerRequest&) { return Script{Say(ChatStream({"a"}))}; };
  const ScriptedServer first(answer);
  const ScriptedServer second(answer);
  StartEngine({first.url(), second.url()});
  const auto opened = engine().OpenConnections(101, OpeningDeadline());
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(*opened, 101u);
  for (uint32_t i = 0; i < 101; ++i) engine().Send(MakeExchange(i % 2));
  AwaitFinished(101);
  ExpectAllCompleted();
  for (const auto& exchange : finished) EXPECT_TRUE(exchange->connection_reused);
  EXPECT_EQ(first.connections(), 51);
  EXPECT_EQ(second.connections(), 50);
}

TEST_P(EngineOpening, PreopenedConnectionServesOneRequestWhenNoneIsReused) {
  plan().mutable_connections()->set_reuse(v1::REUSE_NEVER);
  Serve();
  ASSERT_TRUE(engine().OpenConnections(1, OpeningDeadline()).ok());
  EXPECT_TRUE(SendAndAwait().connection_reused);
  EXPECT_FALSE(SendAndAwait().connection_reused);
  ExpectAllCompleted();
  EXPECT_EQ(server().connections(), 2);
}

TEST_P(EngineOpening, OpeningAheadCarriesTheNextRequests) {
  Serve();
  ASSERT_TRUE(engine().OpenConnections(1, OpeningDeadline()).ok());
  engine().OpenAhead(0, 3);
  EXPECT_EQ(engine().in_flight(), 0u);
  AwaitTrue([&] { return server().connections() == 3; });
  AwaitTrue([&] { return engine().OpenConnections(3, OpeningDeadline()).value_or(0) == 3; });
  engine().OpenAhead(0, 3);  // there are enough
  for (int i = 0; i < 3; ++i) Send();
  AwaitFinished(3);
  ExpectAllCompleted();
  for (const auto& exchange : finished) EXPECT_TRUE(exchange->connection_reused);
  EXPECT_EQ(server().connections(), 3);
}

TEST_P(EngineOpening, OpeningAheadBeginsAFewAtATime) {
  Serve();
  engine().OpenAhead(0, 1000);
  AwaitTrue([&] { return server().connections() >= static_cast<int>(kMaxBegunAhead); });
  for (int turn = 0; turn < 10; ++turn) engine().Poll(SystemClock().MonotonicNs(), false);
  EXPECT_EQ(server().connections(), static_cast<int>(kMaxBegunAhead));
}

INSTANTIATE_TEST_SUITE_P(Both, EngineOpening, testing::ValuesIn(kBothEngines), EngineName);

}  // namespace
}  // namespace drumfire
