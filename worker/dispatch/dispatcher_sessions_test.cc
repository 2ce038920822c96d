// Does a session keep its slot to its last turn, and is no turn sent before the one before it is
// answered and its delay is over?
#include "gtest/gtest.h"
#include "worker/dispatch/dispatcher_fixture.h"

namespace drumfire {
namespace {

class DispatcherSessions : public ::drumfire::testutil::DispatcherFixture {
 protected:
  // Grants closed-loop sessions, starts and begins as many as there are slots.
  void BeginSessions(PhaseSettings settings, size_t sessions, uint32_t turns) {
    Make(settings);
    Grant(std::vector<int64_t>(sessions, -1), true, turns);
    dispatcher_->Start(0);
    Step(0);
  }
  // As the request maker does it.
  void MakeNext(int64_t delay_ns) {
    ASSERT_FALSE(next_.empty());
    auto next = std::move(next_.front());
    next_.erase(next_.begin());
    next->ready_ns += delay_ns;
    next->body = std::make_shared<const std::string>("{}");
    queue_.PushNext(std::move(next));
  }
};

TEST_F(DispatcherSessions, ASlotIsHeldBetweenTwoTurns) {
  BeginSessions({.slots = 1}, /*sessions=*/2, /*turns=*/2);
  SetNow(10);
  engine_.Finish(0);
  EXPECT_EQ(engine_.in_flight(), 0u) << "the other session waits";
  EXPECT_EQ(dispatcher_->free_slots(), 0u);
  EXPECT_EQ(dispatcher_->totals().open(), 1u);
  MakeNext(/*delay_ns=*/50);
  EXPECT_EQ(Step(20), 60);
  EXPECT_EQ(engine_.in_flight(), 0u) << "its delay is not over";
  Step(60);
  ASSERT_EQ(engine_.in_flight(), 1u);
  EXPECT_EQ(engine_.flying[0]->turn, 1u);
  EXPECT_EQ(engine_.flying[0]->ready_ns, 60);
  engine_.Finish(0);
  ASSERT_EQ(engine_.in_flight(), 1u) << "the slot is free, and used at once";
  EXPECT_EQ(engine_.flying[0]->session, 1u);
  EXPECT_EQ(engine_.flying[0]->ready_ns, 60);
}

TEST_F(DispatcherSessions, ThePhaseEndsWithTheLastTurnOfTheLastSession) {
  BeginSessions({.slots = 2}, /*sessions=*/1, /*turns=*/2);
  engine_.Finish(0);
  EXPECT_FALSE(dispatcher_->done());
  MakeNext(0);
  Step(0);
  EXPECT_FALSE(dispatcher_->done());
  engine_.Finish(0);
  EXPECT_TRUE(dispatcher_->done());
  const v1::CreditTotals totals = dispatcher_->totals();
  EXPECT_EQ(totals.granted(), 1u);
  EXPECT_EQ(totals.begun(), 1u);
  EXPECT_EQ(totals.sessions_completed(), 1u);
  EXPECT_EQ(totals.sent(), 2u);
  EXPECT_EQ(totals.completed(), 2u);
  EXPECT_EQ(totals.unsent_turns(), 0u);
  EXPECT_EQ(records_.size(), 2u);
}

// The queue of records is bounded by what it can see.
TEST_F(DispatcherSessions, ARecordHoldsNoHistory) {
  BeginSessions({.slots = 1}, /*sessions=*/1, /*turns=*/2);
  engine_.Finish(0);
  MakeNext(0);
  Step(0);
  ASSERT_EQ(engine_.flying.at(0)->replies.size(), 1u);
  engine_.Finish(0, v1::OUTCOME_FAILED);
  EXPECT_EQ(records_.at(1)->body, nullptr);
  EXPECT_TRUE(records_.at(1)->replies.empty());
}

TEST_F(DispatcherSessions, AFailedTurnFreesTheSlotAndLeavesTheRestUnsent) {
  BeginSessions({.slots = 1}, /*sessions=*/2, /*turns=*/4);
  engine_.Finish(0, v1::OUTCOME_FAILED);
  EXPECT_TRUE(next_.empty());
  ASSERT_EQ(engine_.in_flight(), 1u);
  EXPECT_EQ(engine_.flying[0]->session, 1u);
  EXPECT_EQ(dispatcher_->totals().unsent_turns(), 3u);
}

TEST_F(DispatcherSessions, TheEndOfTheDurationEndsSessionsBetweenTurns) {
  BeginSessions({.slots = 2, .duration_ns = 100, .grace_ns = -1}, /*sessions=*/2, /*turns=*/3);
  SetNow(50);
  engine_.Finish(0);
  MakeNext(/*delay_ns=*/60);  // due at 110
  Step(100);
  EXPECT_FALSE(dispatcher_->done()) << "one request is in flight";
  EXPECT_EQ(dispatcher_->totals().open(), 1u);
  engine_.Finish(0);
  EXPECT_TRUE(dispatcher_->done());
  EXPECT_EQ(dispatcher_->totals().unsent_turns(), 2u + 2);
  EXPECT_EQ(dispatcher_->totals().sessions_completed(), 0u);
}

TEST_F(DispatcherSessions, ATurnThatIsMadeLateIsSentAtOnceAndItsDelayShows) {
  BeginSessions({.slots = 1}, /*sessions=*/1, /*turns=*/2);
  SetNow(10);
  engine_.Finish(0);
  SetNow(90);
  MakeNext(/*delay_ns=*/5);
  Step(90);
  ASSERT_EQ(engine_.in_flight(), 1u);
  EXPECT_EQ(engine_.flying[0]->ready_ns, 15);
  EXPECT_EQ(engine_.flying[0]->sent_ns, 90);
}

TEST_F(DispatcherSessions, AnOpenLoopBeginsSessionsWhileOthersAreBetweenTurns) {
  Make({.open_loop = true});
  Grant({0, 100}, true, 2);
  dispatcher_->Start(1000);
  Step(1000);
  engine_.Finish(0);
  MakeNext(/*delay_ns=*/500);
  EXPECT_EQ(Step(1050), 1100);
  EXPECT_EQ(Step(1100), 1500);
  EXPECT_EQ(dispatcher_->totals().open(), 2u);
}

TEST_F(DispatcherSessions, WithoutALeaseNoTurnIsSent) {
  BeginSessions({.slots = 1}, /*sessions=*/1, /*turns=*/2);
  engine_.Finish(0);
  MakeNext(0);
  lease_.ExtendTo(0);  // it is over
  Step(1);
  EXPECT_EQ(engine_.in_flight(), 0u);
  EXPECT_TRUE(dispatcher_->lease_expired());
  EXPECT_EQ(dispatcher_->totals().unsent_turns(), 1u);
}

TEST_F(DispatcherSessions, ASessionThatIsDroppedHasOneRecordAndUnsentTurns) {
  Make({.open_loop = true, .drop_after_ns = 10});
  Grant({0}, true, 3);
  dispatcher_->Start(0);
  Step(11);
  EXPECT_EQ(dispatcher_->totals().dropped(), 1u);
  EXPECT_EQ(dispatcher_->totals().unsent_turns(), 2u);
  EXPECT_EQ(records_.size(), 1u);
  EXPECT_TRUE(dispatcher_->done());
}

}  // namespace
}  // namespace drumfire
