// Does a worker do only what its one owner says, in order, once, and stop when the owner is gone?
#include "worker/session/session.h"

#include <string>

#include "common/control/limits.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "worker/session/session_fixture.h"

namespace drumfire {
namespace {

using testing::ElementsAre;

using SessionTest = SessionFixture;

TEST_F(SessionTest, OtherProtocolIsRefused) {
  auto hello = Hello();
  hello.mutable_hello()->set_protocol_version(kProtocolVersion + 1);
  session_.OnMessage(hello, 0);
  ASSERT_EQ(host_.sent.size(), 1u);
  EXPECT_TRUE(host_.sent[0].has_refused());
  EXPECT_TRUE(session_.closed());
}

TEST_F(SessionTest, PlanThatIsNotItsHashIsRefused) {
  auto hello = Hello();
  hello.mutable_hello()->mutable_plan()->set_seed(99);
  session_.OnMessage(hello, 0);
  EXPECT_TRUE(host_.sent.at(0).has_refused());
  EXPECT_TRUE(session_.closed());
}

TEST_F(SessionTest, ImpossiblePlanIsRefusedWithTheReason) {
  host_.open_error = absl::InvalidArgumentError("urls: found none");
  session_.OnMessage(Hello(), 0);
  EXPECT_EQ(host_.sent.at(0).refused().reason(), "urls: found none");
}

TEST_F(SessionTest, AnythingBeforeHelloIsRefused) {
  session_.OnMessage(Grant(), 0);
  EXPECT_TRUE(host_.sent.at(0).has_refused());
}

TEST_F(SessionTest, LoadsOnceAllChunksAreThere) {
  host_.needs = {"x"};
  session_.OnMessage(Hello(), 0);
  EXPECT_THAT(host_.calls, ElementsAre("open"));
  auto chunk = Envelope();
  chunk.mutable_chunk();
  session_.OnMessage(chunk, 0);
  EXPECT_THAT(host_.calls, ElementsAre("open", "chunk", "load"));
  EXPECT_TRUE(host_.sent.back().has_loaded());
}

TEST_F(SessionTest, FailedLoadSaysWhyAndEnds) {
  host_.load_error = absl::InternalError("no tokenizer");
  session_.OnMessage(Hello(), 0);
  EXPECT_EQ(host_.sent.back().failure().reason(), "no tokenizer");
  EXPECT_TRUE(session_.closed());
}

TEST_F(SessionTest, AMissingMessageEndsTheRun) {
  ToRunning();
  (void)Envelope();  // lost on the way
  session_.OnMessage(Grant(), 10);
  EXPECT_TRUE(host_.sent.back().has_failure());
  EXPECT_THAT(host_.calls, ElementsAre("close:message 6 came after message 4: some are lost"));
}

TEST_F(SessionTest, RepeatsHaveNoEffect) {
  ToRunning();
  const auto grant = Grant();
  session_.OnMessage(grant, 0);
  session_.OnMessage(grant, 0);
  EXPECT_THAT(host_.calls, ElementsAre("credits"));
}

TEST_F(SessionTest, OldEpochsAndOtherPlansHaveNoEffect) {
  ToRunning();
  auto old = Grant();
  old.set_epoch(6);
  session_.OnMessage(old, 0);
  auto other = Grant();
  other.set_plan_hash(std::string(32, 'x'));
  session_.OnMessage(other, 0);
  EXPECT_TRUE(host_.calls.empty());
}

TEST_F(SessionTest, CreditsThatCannotBeHeldEndTheRun) {
  ToRunning();
  host_.credits_error = absl::ResourceExhaustedError("too many");
  session_.OnMessage(Grant(), 0);
  EXPECT_EQ(Failure(), "Grant: too many");
  EXPECT_TRUE(session_.closed());
}

TEST_F(SessionTest, StartBeforePreparedEndsTheRun) {
  session_.OnMessage(Hello(), 0);
  auto start = Envelope();
  start.mutable_start();
  session_.OnMessage(start, 0);
  EXPECT_TRUE(host_.sent.back().has_failure());
  EXPECT_TRUE(session_.closed());
}

TEST_F(SessionTest, LateStartIsReported) {
  session_.OnMessage(Hello(), 0);
  auto prepare = Envelope();
  prepare.mutable_prepare();
  session_.OnMessage(prepare, 0);
  session_.OnPrepared({});
  auto start = Envelope();
  start.mutable_start()->set_start_ns(100);
  session_.OnMessage(start, 130);
  EXPECT_EQ(host_.sent.back().started().late_ns(), 30);
}

TEST_F(SessionTest, SilenceLongerThanTheLeaseEndsTheRun) {
  ToRunning();
  session_.OnTick(kLeaseNs);
  EXPECT_FALSE(session_.closed());
  session_.OnTick(kLeaseNs + 1);
  EXPECT_TRUE(session_.closed());
  EXPECT_EQ(host_.calls.size(), 1u);
}

TEST_F(SessionTest, AnsweredHeartbeatsKeepTheLease) {
  ToRunning();
  session_.OnTick(900);
  EXPECT_EQ(host_.sent.back().heartbeat().sent_ns(), 900);
  AnswerHeartbeat(900, 950);
  EXPECT_EQ(host_.lease_until_ns, 900 + kLeaseNs);
  session_.OnTick(1800);
  EXPECT_FALSE(session_.closed());
}

TEST_F(SessionTest, HeartbeatsLeaveSomeTimesALease) {
  ToRunning();
  session_.OnTick(kLeaseNs / 5);
  session_.OnTick(kLeaseNs / 5 + 1);
  EXPECT_EQ(host_.sent.size(), 1u);
}

// An answer that was long under way must not give time that the coordinator does not know of.
TEST_F(SessionTest, AnOldAnswerGivesNoNewTime) {
  ToRunning();
  session_.OnTick(200);
  AnswerHeartbeat(100, 990);
  EXPECT_EQ(host_.lease_until_ns, 100 + kLeaseNs);
  AnswerHeartbeat(50, 991);
  EXPECT_EQ(host_.lease_until_ns, 100 + kLeaseNs);
  session_.OnTick(100 + kLeaseNs + 1);
  EXPECT_TRUE(session_.closed());
}

// Whoever makes answers up may never have read a word.
TEST_F(SessionTest, AnAnswerToNoHeartbeatEndsTheRun) {
  ToRunning();
  session_.OnTick(200);
  AnswerHeartbeat(201, 300);
  EXPECT_EQ(Failure(), "Heartbeat: an answer to one that was never sent");
  EXPECT_TRUE(session_.closed());
}

// It sends and does not read: what it says is no answer.
TEST_F(SessionTest, ACoordinatorThatAnswersNothingIsLetGoBeforeAPhaseToo) {
  session_.OnMessage(Hello(), 0);
  session_.OnTick(0);
  for (int64_t now_ns = 100; now_ns <= kLeaseNs; now_ns += 100) {
    AnswerHeartbeat(-1, now_ns);
    session_.OnTick(now_ns);
  }
  EXPECT_FALSE(session_.closed());
  AnswerHeartbeat(-1, kLeaseNs + 1);
  session_.OnTick(kLeaseNs + 1);
  EXPECT_EQ(Failure(), "the coordinator answered no heartbeat for the lease");
}

// The answer comes between the end of the lease, which stopped the load, and the next tick.
TEST_F(SessionTest, AnAnswerAfterTheLeaseDoesNotReviveTheRun) {
  ToRunning();
  session_.OnTick(kLeaseNs - 1);
  AnswerHeartbeat(kLeaseNs - 1, kLeaseNs + 1);
  session_.OnLeaseExpired();
  EXPECT_TRUE(session_.closed());
  EXPECT_TRUE(host_.sent.back().has_failure());
}

// Messages other than answers show that the coordinator lives, but not that it heard us.
TEST_F(SessionTest, OtherMessagesGiveNoLease) {
  ToRunning();
  session_.OnMessage(Grant(), 900);
  session_.OnTick(kLeaseNs + 1);
  EXPECT_TRUE(session_.closed());
}

TEST_F(SessionTest, ALongLoadIsNotTheCoordinatorsSilence) {
  session_.OnMessage(Hello(), 0);  // loads within this call
  session_.OnTick(5 * kLeaseNs);
  EXPECT_FALSE(session_.closed());
  EXPECT_TRUE(host_.sent.back().has_heartbeat());
  session_.OnTick(6 * kLeaseNs + 1);
  EXPECT_TRUE(session_.closed());
}

TEST_F(SessionTest, AWorkerThatIsKeptForNothingIsFreeAfterADay) {
  auto hello = Hello();
  hello.mutable_hello()->set_lease_ns(kMaxLeaseNs);
  session_.OnMessage(hello, 0);
  const int64_t step_ns = kMaxLeaseNs / 2;
  int64_t now_ns = 0;
  for (; !session_.closed() && now_ns < 100 * kMaxLeaseNs; now_ns += step_ns) {
    session_.OnTick(now_ns);
    AnswerHeartbeat(now_ns, now_ns);
  }
  EXPECT_EQ(Failure(), "the coordinator kept this worker for a day without running a phase");
  EXPECT_EQ(now_ns - 2 * step_ns, 24 * kMaxLeaseNs);
}

TEST_F(SessionTest, ARunWithoutALeaseOrWithOneForEverIsRefused) {
  for (const int64_t lease_ns : {int64_t{-1}, int64_t{0}, kMaxLeaseNs + 1, INT64_MAX}) {
    FakeHost host;
    Session session(&host);
    auto hello = Hello();
    hello.mutable_hello()->set_lease_ns(lease_ns);
    session.OnMessage(hello, 0);
    EXPECT_THAT(host.sent.at(0).refused().reason(), testing::StartsWith("lease_ns: found"));
    EXPECT_TRUE(session.closed());
  }
}

TEST_F(SessionTest, BrokenStreamStopsTheLoad) {
  ToRunning();
  session_.OnStreamClosed();
  EXPECT_THAT(host_.calls, ElementsAre("close:the coordinator's stream ended"));
  session_.OnMessage(Grant(), 0);
  EXPECT_EQ(host_.calls.size(), 1u);
}

TEST_F(SessionTest, AnotherPhaseMayFollow) {
  ToRunning();
  session_.OnPhaseDone({});
  auto prepare = Envelope();
  prepare.mutable_prepare()->set_phase(1);
  session_.OnMessage(prepare, 0);
  EXPECT_THAT(host_.calls, ElementsAre("prepare"));
  EXPECT_EQ(session_.phase(), 1u);
}

TEST_F(SessionTest, OutgoingMessagesAreNumberedWithoutGaps) {
  ToRunning();
  session_.OnLowCredits(1, 2);
  session_.OnLowCredits(0, 2);
  ASSERT_EQ(host_.sent.size(), 2u);
  EXPECT_EQ(host_.sent[1].sequence(), host_.sent[0].sequence() + 1);
  EXPECT_EQ(host_.sent[0].epoch(), 7u);
}

}  // namespace
}  // namespace drumfire
