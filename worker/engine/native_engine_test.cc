// What only the native engine does: kernel stamps, their refusal, and reading late without losing
// truth.
#include "worker/engine/native_engine.h"

#include <thread>

#include "common/clock/clock.h"
#include "gtest/gtest.h"
#include "worker/engine/testing/engine_fixture.h"

namespace drumfire {
namespace {

class NativeEngineTest : public EngineFixture {};

TEST_P(NativeEngineTest, StampsOfASteppedWallClockAreRefused) {
  // A wall clock that runs an hour ahead of the kernel's: every stamp seems to lie an hour before
  // the send.
  class SteppedClock : public Clock {
   public:
    int64_t MonotonicNs() const override { return SystemClock().MonotonicNs(); }
    int64_t WallNs() const override { return SystemClock().WallNs() + 3600 * kNsPerSecond; }
  } clock;
  const ScriptedServer server([](const ServerRequest&) { return PacedChatStream(3, kNsPerMs); });
  plan().add_urls(server.url());
  auto engine = MakeEngine(plan(), clock, this);
  ASSERT_TRUE(engine.ok()) << engine.status();
  (*engine)->Send(MakeExchange());
  while (finished.empty()) (*engine)->Poll(clock.MonotonicNs() + kNsPerSecond, false);
  EXPECT_EQ(finished[0]->outcome, v1::OUTCOME_COMPLETED);
  EXPECT_EQ(finished[0]->stamps, v1::STAMP_USER);
  EXPECT_GT(finished[0]->refused_stamps, 0u);
  EXPECT_EQ((*engine)->counters().refused_stamps, finished[0]->refused_stamps);
  EXPECT_EQ((*engine)->counters().kernel_stamps, 0u);
  EXPECT_GE(finished[0]->head_ns, finished[0]->sent_ns);
}

TEST_P(NativeEngineTest, PlainReadsAreStampedByTheKernel) {
  const ScriptedServer server(
      [](const ServerRequest&) { return PacedChatStream(10, 5 * kNsPerMs); });
  StartEngine({server.url()});
  const Exchange& exchange = SendAndAwait();
  EXPECT_EQ(exchange.outcome, v1::OUTCOME_COMPLETED) << exchange.error_message;
  EXPECT_EQ(exchange.stamps, v1::STAMP_KERNEL);
  EXPECT_GE(exchange.reads, 1u);
  EXPECT_GE(exchange.kernel_stamps, exchange.reads);
  EXPECT_EQ(exchange.refused_stamps, 0u);
  const std::vector<int64_t> delays = engine().TakeReadDelays();
  EXPECT_EQ(delays.size(), engine().counters().kernel_stamps);
  for (int64_t delay_ns : delays) EXPECT_GE(delay_ns, 0);
}

TEST_P(NativeEngineTest, ALateReadDoesNotMoveTheStamp) {
  const ScriptedServer server([](const ServerRequest&) {
    return Script{Say(ChatStream({"a"})), CloseNow()};
  });
  StartEngine({server.url()});
  // The kernel begins to stamp some time after it was first asked.
  constexpr int kTries = 1000;
  for (int i = 0; i < kTries; ++i) {
    finished.clear();
    ASSERT_TRUE(engine().OpenConnections(1, SystemClock().MonotonicNs() + 20 * kNsPerSecond).ok());
    Send();
    while (server.requests() <= i || server.open() > 0) std::this_thread::yield();
    // The whole answer lies in the socket now, and the engine has not looked yet.
    const int64_t poll_ns = SystemClock().MonotonicNs();
    AwaitFinished(1);
    EXPECT_EQ(finished[0]->outcome, v1::OUTCOME_COMPLETED) << finished[0]->error_message;
    if (finished[0]->stamps != v1::STAMP_KERNEL) continue;
    EXPECT_LE(finished[0]->end_ns, poll_ns);
    return;
  }
  GTEST_SKIP() << "the kernel gives no receive stamps here";
}

TEST_P(NativeEngineTest, ALongPollIntervalReadsAllTheSame) {
  plan().mutable_engine()->set_poll_interval_ns(2 * kNsPerMs);
  plan().mutable_connections()->set_first_byte_timeout_ns(20 * kNsPerSecond);
  const ScriptedServer server(
      [](const ServerRequest&) { return PacedChatStream(10, 10 * kNsPerMs); });
  StartEngine({server.url()});
  for (int i = 0; i < 20; ++i) Send();
  AwaitFinished(20);
  for (const auto& exchange : finished) {
    EXPECT_EQ(exchange->outcome, v1::OUTCOME_COMPLETED) << exchange->error_message;
    EXPECT_EQ(exchange->stamps, v1::STAMP_KERNEL);
  }
}

TEST_P(NativeEngineTest, KnowsWhenItsWaitEnded) {
  const ScriptedServer server([](const ServerRequest&) { return Script(); });
  StartEngine({server.url()});
  EXPECT_EQ(engine().woke_ns(), 0);
  const int64_t before_ns = SystemClock().MonotonicNs();
  engine().Poll(before_ns + kNsPerMs, false);
  EXPECT_GE(engine().woke_ns(), before_ns + kNsPerMs);
}

INSTANTIATE_TEST_SUITE_P(Native, NativeEngineTest, testing::Values(v1::ENGINE_NATIVE));

}  // namespace
}  // namespace drumfire
