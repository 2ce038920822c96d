// Does each message do its work in the states that it belongs to, and nothing in all others?
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "worker/session/session_fixture.h"

namespace drumfire {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

enum class At { kLoading, kIdle, kPreparing, kPrepared, kRunning };
constexpr At kAll[] = {At::kLoading, At::kIdle, At::kPreparing, At::kPrepared, At::kRunning};

std::string NameOf(const testing::TestParamInfo<At>& info) {
  constexpr const char* kNames[] = {"Loading", "Idle", "Preparing", "Prepared", "Running"};
  return kNames[static_cast<int>(info.param)];
}

class SessionStatesTest : public SessionFixture {
 protected:
  void GoTo(At state) {
    if (state == At::kLoading) host_.needs = {"x"};
    session_.OnMessage(Hello(), 0);
    if (state >= At::kPreparing) Prepare(0);
    if (state >= At::kPrepared) session_.OnPrepared({});
    if (state >= At::kRunning) Start();
    ASSERT_FALSE(session_.closed());
    Forget();
  }
  void Prepare(uint32_t phase) {
    auto message = Envelope();
    message.mutable_prepare()->set_phase(phase);
    session_.OnMessage(message, 0);
  }
  void Start() {
    auto message = Envelope();
    message.mutable_start();
    session_.OnMessage(message, 0);
  }
  v1::CoordinatorMessage Slots(uint32_t phase = 0) {
    auto message = Envelope();
    message.mutable_slot_change()->set_phase(phase);
    return message;
  }
  v1::CoordinatorMessage Ack() {
    auto message = Envelope();
    message.mutable_record_ack()->set_sequence(1);
    return message;
  }
  void Forget() {
    host_.calls.clear();
    host_.sent.clear();
  }
};

class SessionInEachStateTest : public SessionStatesTest, public testing::WithParamInterface<At> {
 protected:
  void SetUp() override { GoTo(GetParam()); }
};

INSTANTIATE_TEST_SUITE_P(States, SessionInEachStateTest, testing::ValuesIn(kAll), NameOf);

TEST_P(SessionInEachStateTest, AGapEndsTheRunAndNamesBothNumbers) {
  const uint64_t last = sequence_;
  (void)Envelope();  // lost on the way
  session_.OnMessage(Ack(), 0);
  ASSERT_THAT(host_.sent, SizeIs(1));
  const std::string reason = host_.sent[0].failure().reason();
  EXPECT_EQ(reason, "message " + std::to_string(last + 2) + " came after message " +
                        std::to_string(last) + ": some are lost");
  EXPECT_THAT(host_.calls, ElementsAre("close:" + reason));
}

TEST_P(SessionInEachStateTest, AnotherEpochAPlanAndARepeatHaveNoEffect) {
  auto epoch = Ack();
  epoch.set_epoch(8);
  session_.OnMessage(epoch, 0);
  auto plan = epoch;
  plan.set_epoch(7);
  plan.set_plan_hash(std::string(32, 'x'));
  session_.OnMessage(plan, 0);
  auto repeat = epoch;
  repeat.set_epoch(7);
  repeat.set_sequence(epoch.sequence() - 1);
  session_.OnMessage(repeat, 0);
  EXPECT_THAT(host_.calls, IsEmpty());
  EXPECT_THAT(host_.sent, IsEmpty());
  auto next = epoch;  // none of them took the number
  next.set_epoch(7);
  session_.OnMessage(next, 0);
  EXPECT_THAT(host_.calls, ElementsAre("ack"));
}

// Somebody else's messages do not show that the owner lives.
TEST_P(SessionInEachStateTest, AnotherEpochDoesNotKeepTheRunAlive) {
  (void)session_.OnTick(0);
  auto message = Ack();
  message.set_epoch(8);
  session_.OnMessage(message, kLeaseNs);
  (void)session_.OnTick(kLeaseNs + 1);
  EXPECT_TRUE(session_.closed());
}

TEST_P(SessionInEachStateTest, AStreamThatEndsClosesTheRunOnceAndSaysNothing) {
  session_.OnStreamClosed();
  session_.OnStreamClosed();
  EXPECT_TRUE(session_.closed());
  EXPECT_THAT(host_.calls, ElementsAre("close:the coordinator's stream ended"));
  EXPECT_THAT(host_.sent, IsEmpty());
}

TEST_P(SessionInEachStateTest, FinishClosesTheRunWithoutAReason) {
  auto finish = Envelope();
  finish.mutable_finish();
  session_.OnMessage(finish, 0);
  EXPECT_THAT(host_.calls, ElementsAre("close:"));
  session_.OnStreamClosed();
  EXPECT_THAT(host_.calls, SizeIs(1));
}

TEST_P(SessionInEachStateTest, ASecondHelloEndsTheRun) {
  session_.OnMessage(Hello(), 0);
  EXPECT_THAT(host_.calls, ElementsAre("close:a second Hello"));
}

TEST_P(SessionInEachStateTest, PrepareIsForIdleWorkers) {
  Prepare(0);
  if (GetParam() == At::kIdle) {
    EXPECT_THAT(host_.calls, ElementsAre("prepare"));
  } else if (GetParam() == At::kLoading) {
    EXPECT_THAT(host_.calls, ElementsAre("close:Prepare before Loaded"));
  } else {
    EXPECT_THAT(host_.calls, ElementsAre("close:Prepare while another phase runs"));
  }
}

TEST_P(SessionInEachStateTest, StartIsForPreparedWorkers) {
  Start();
  if (GetParam() == At::kPrepared) {
    EXPECT_THAT(host_.calls, ElementsAre("start"));
  } else {
    EXPECT_THAT(host_.calls, ElementsAre("close:Start before Prepared"));
  }
}

TEST_P(SessionInEachStateTest, PhaseMessagesAreForThePhaseInHand) {
  if (GetParam() < At::kPreparing) return;
  session_.OnMessage(Slots(0), 0);
  auto drain = Envelope();
  drain.mutable_drain();
  session_.OnMessage(drain, 0);
  auto cancel = Envelope();
  cancel.mutable_cancel();
  session_.OnMessage(cancel, 0);
  EXPECT_THAT(host_.calls, ElementsAre("slots", "drain", "cancel"));
}

TEST_P(SessionInEachStateTest, ChunksAreForLoadingWorkers) {
  auto chunk = Envelope();
  chunk.mutable_chunk();
  session_.OnMessage(chunk, 0);
  EXPECT_EQ(Failure(), GetParam() == At::kLoading ? "" : "Chunk: all chunks are here");
}

TEST_P(SessionInEachStateTest, TheHostsAnswersCountOnlyWhileTheyAreAwaited) {
  session_.OnPrepared({});
  EXPECT_EQ(host_.sent.empty(), GetParam() != At::kPreparing);
  Forget();
  session_.OnLowCredits(1, 2);
  EXPECT_EQ(host_.sent.empty(), GetParam() != At::kRunning);
  Forget();
  session_.OnLeaseExpired();
  EXPECT_EQ(session_.closed(), GetParam() == At::kRunning);
}

TEST_F(SessionStatesTest, AClosedRunNeitherHearsNorSaysAnything) {
  GoTo(At::kRunning);
  session_.OnStreamClosed();
  Forget();
  session_.OnMessage(Slots(), 0);
  session_.OnPhaseDone({});
  session_.OnLowCredits(1, 2);
  session_.OnLeaseExpired();
  session_.Send({});
  EXPECT_EQ(session_.OnTick(10 * kLeaseNs), kNever);
  EXPECT_THAT(host_.calls, IsEmpty());
  EXPECT_THAT(host_.sent, IsEmpty());
  EXPECT_TRUE(session_.closed());
}

TEST_F(SessionStatesTest, AStreamThatEndsBeforeHelloClosesTheRun) {
  EXPECT_EQ(session_.OnTick(0), kNever) << "nobody owns it yet";
  session_.OnStreamClosed();
  EXPECT_THAT(host_.calls, ElementsAre("close:the coordinator's stream ended"));
  session_.OnMessage(Hello(), 0);
  EXPECT_THAT(host_.calls, SizeIs(1));
}

TEST_F(SessionStatesTest, OneChunkOfManyDoesNotEndTheLoading) {
  GoTo(At::kLoading);
  host_.chunk_answer = false;
  auto chunk = Envelope();
  chunk.mutable_chunk();
  session_.OnMessage(chunk, 0);
  EXPECT_THAT(host_.calls, ElementsAre("chunk"));
  EXPECT_THAT(host_.sent, IsEmpty());
}

TEST_F(SessionStatesTest, AChunkThatCannotBeKeptEndsTheRunWithTheReason) {
  GoTo(At::kLoading);
  host_.chunk_answer = absl::InvalidArgumentError("a chunk nobody asked for");
  auto chunk = Envelope();
  chunk.mutable_chunk();
  session_.OnMessage(chunk, 0);
  ASSERT_THAT(host_.sent, SizeIs(1));
  EXPECT_EQ(host_.sent[0].failure().reason(), "a chunk nobody asked for");
  EXPECT_THAT(host_.calls, ElementsAre("chunk", "close:a chunk nobody asked for"));
}

TEST_F(SessionStatesTest, APhaseThatIsOverHasNoMessagesLeft) {
  GoTo(At::kRunning);
  session_.OnPhaseDone({});
  EXPECT_TRUE(host_.sent.back().has_phase_done());
  session_.OnMessage(Slots(), 0);
  EXPECT_THAT(host_.calls, IsEmpty());
  EXPECT_FALSE(session_.closed()) << "it crossed the end on its way";
  Prepare(0);
  EXPECT_EQ(Failure(), "Prepare: found phase 0, expected one from 1 on and below 2");
}

// A tick that comes later than that would let the load go on past the lease.
TEST_F(SessionStatesTest, TheNextTickComesWithTheHeartbeatOrTheEndOfTheLease) {
  GoTo(At::kRunning);
  session_.OnTick(1);
  AnswerHeartbeat(1, 1);
  EXPECT_EQ(session_.OnTick(10), 1 + kLeaseNs / 5);
  EXPECT_EQ(session_.OnTick(950), 1 + kLeaseNs + 1);
  EXPECT_EQ(session_.OnTick(1 + kLeaseNs + 1), kNever);
  EXPECT_TRUE(session_.closed());
}

}  // namespace
}  // namespace drumfire
