// Are requests sent when they are due and a slot is free, never otherwise, and is each accounted
// for once?
#include "worker/dispatch/dispatcher.h"

#include <vector>

#include "gtest/gtest.h"
#include "worker/dispatch/dispatcher_fixture.h"

namespace drumfire {
namespace {

using DispatcherTest = ::drumfire::testutil::DispatcherFixture;

TEST_F(DispatcherTest, SendsNothingBeforeTheStart) {
  Make({.slots = 4});
  Grant({-1, -1});
  EXPECT_EQ(Step(100), kNever);
  dispatcher_->Start(1000);
  EXPECT_EQ(Step(999), 1000);
  EXPECT_EQ(engine_.in_flight(), 0u);
  Step(1000);
  EXPECT_EQ(engine_.in_flight(), 2u);
}

// The wait for a body that does not end is slot wait, not send delay.
TEST_F(DispatcherTest, ASlotIsFreeWhenTheBodyIsOverNotWhenTheAnswerEnded) {
  Make({.slots = 1});
  Grant({-1, -1});
  dispatcher_->Start(0);
  Step(0);
  SetNow(500);
  engine_.flying[0]->over_ns = 600;
  engine_.Finish(0);
  ASSERT_EQ(engine_.flying.size(), 1u);
  EXPECT_EQ(engine_.flying[0]->ready_ns, 600);
}

// The preparer's thread is ahead of the one that tells of the grant.
TEST_F(DispatcherTest, SessionsBegunBeforeTheirGrantIsKnownAreGranted) {
  Make({.open_loop = true});
  Grant({10, 20, 30}, /*last=*/false);
  dispatcher_->OnGranted(1, /*last=*/false);  // no news yet of the other two
  dispatcher_->Start(0);
  Step(30);
  const v1::CreditTotals totals = dispatcher_->totals();
  EXPECT_EQ(totals.begun(), 3u);
  EXPECT_EQ(totals.granted(), 3u);
  EXPECT_EQ(totals.unsent(), 0u);
  EXPECT_EQ(dispatcher_->unsent(), 0u);
}

TEST_F(DispatcherTest, OpenLoopWaitsForEachDueTime) {
  Make({.open_loop = true});
  Grant({0, 50, 90});
  dispatcher_->Start(1000);
  EXPECT_EQ(Step(1000), 1050);
  EXPECT_EQ(Step(1060), 1090);
  EXPECT_EQ(engine_.flying[1]->intended_ns, 1050);
  EXPECT_EQ(engine_.flying[1]->ready_ns, 1050);
  EXPECT_EQ(Step(1090), kNever);
  EXPECT_FALSE(dispatcher_->done());
}

TEST_F(DispatcherTest, ClosedLoopRefillsASlotAtOnce) {
  Make({.slots = 2});
  Grant({-1, -1, -1});
  dispatcher_->Start(0);
  Step(5);
  ASSERT_EQ(engine_.in_flight(), 2u);
  SetNow(70);
  engine_.Finish(0);
  ASSERT_EQ(engine_.in_flight(), 2u);
  EXPECT_EQ(engine_.flying[1]->session, 2u);
  EXPECT_EQ(engine_.flying[1]->ready_ns, 70);
}

TEST_F(DispatcherTest, CapMakesDueRequestsWaitAndSaysSo) {
  Make({.open_loop = true, .slots = 1});
  Grant({0, 10});
  dispatcher_->Start(0);
  Step(20);
  EXPECT_EQ(engine_.in_flight(), 1u);
  SetNow(500);
  engine_.Finish(0);
  ASSERT_EQ(engine_.in_flight(), 1u);
  EXPECT_EQ(engine_.flying[0]->intended_ns, 10);
  EXPECT_EQ(engine_.flying[0]->ready_ns, 500);
  EXPECT_EQ(dispatcher_->slot_waits().count, 1u);
  EXPECT_EQ(dispatcher_->slot_waits().total_ns, 490);
}

TEST_F(DispatcherTest, LateRequestsAreDroppedWhenAskedTo) {
  Make({.open_loop = true, .drop_after_ns = 5});
  Grant({0, 10, 100});
  dispatcher_->Start(0);
  EXPECT_EQ(Step(12), 100);
  EXPECT_EQ(records_.size(), 1u);
  EXPECT_EQ(records_[0]->outcome, v1::OUTCOME_DROPPED);
  EXPECT_EQ(dispatcher_->totals().dropped(), 1u);
  EXPECT_EQ(dispatcher_->totals().sent(), 1u);
}

TEST_F(DispatcherTest, DropBehindFullSlotsIsNotSendDelay) {
  Make({.open_loop = true, .slots = 1, .drop_after_ns = 5});
  Grant({0, 10});
  dispatcher_->Start(0);
  Step(0);
  Step(40);
  ASSERT_EQ(records_.size(), 1u);
  EXPECT_EQ(records_[0]->intended_ns, 10);
  EXPECT_EQ(records_[0]->ready_ns, 40);
}

TEST_F(DispatcherTest, DurationStopsSendingAndGraceCancels) {
  Make({.slots = 1, .duration_ns = 100, .grace_ns = 50});
  Grant({-1, -1, -1});
  dispatcher_->Start(0);
  EXPECT_EQ(Step(0), 100);
  EXPECT_EQ(Step(120), 150);
  EXPECT_EQ(dispatcher_->totals().unsent(), 2u);
  EXPECT_FALSE(dispatcher_->done());
  Step(150);
  EXPECT_TRUE(dispatcher_->done());
  EXPECT_EQ(dispatcher_->totals().cancelled(), 1u);
}

TEST_F(DispatcherTest, LateWakeUpAtTheEndCostsNoRequestDueBeforeIt) {
  Make({.open_loop = true, .duration_ns = 100, .grace_ns = 50});
  Grant({0, 99, 100});
  dispatcher_->Start(0);
  EXPECT_EQ(Step(0), 99);
  Step(110);
  EXPECT_EQ(dispatcher_->totals().sent(), 2u);
  EXPECT_EQ(dispatcher_->totals().unsent(), 1u);
}

TEST_F(DispatcherTest, DrainLetsFlightsLand) {
  Make({.slots = 1});
  Grant({-1, -1});
  dispatcher_->Start(0);
  Step(0);
  dispatcher_->Drain(10, 1000);
  SetNow(20);
  engine_.Finish(0);
  EXPECT_TRUE(dispatcher_->done());
  EXPECT_EQ(dispatcher_->totals().completed(), 1u);
  EXPECT_EQ(dispatcher_->totals().unsent(), 1u);
}

TEST_F(DispatcherTest, CancelBeforeTheStartIsDone) {
  Make({.slots = 1});
  Grant({-1});
  dispatcher_->Cancel();
  EXPECT_TRUE(dispatcher_->done());
  EXPECT_EQ(dispatcher_->totals().unsent(), 1u);
}

TEST_F(DispatcherTest, SendsThatFailAtOnceDoNotRecurse) {
  Make({.slots = 1});
  engine_.fails_at_once = true;
  Grant(std::vector<int64_t>(900, -1));
  dispatcher_->Start(0);
  Step(0);
  EXPECT_EQ(dispatcher_->totals().failed(), 900u);
  EXPECT_TRUE(dispatcher_->done());
}

TEST_F(DispatcherTest, NotDoneWhileCreditsMayCome) {
  Make({.slots = 1});
  Grant({}, false);
  dispatcher_->Start(0);
  Step(0);
  EXPECT_FALSE(dispatcher_->done());
  Grant({}, true);
  EXPECT_TRUE(dispatcher_->done());
}

TEST_F(DispatcherTest, NothingIsSentOnceTheLeaseIsOver) {
  Make({.open_loop = true});
  lease_.ExtendTo(100);
  Grant({0, 50, 120});
  dispatcher_->Start(0);
  EXPECT_EQ(Step(0), 50);
  EXPECT_EQ(Step(50), 100) << "wakes up when the lease ends, not when the next request is due";
  clock_.Advance(100);
  Step(100);
  EXPECT_TRUE(dispatcher_->lease_expired());
  EXPECT_EQ(engine_.in_flight(), 0u);
  EXPECT_EQ(records_.size(), 2u);
  EXPECT_EQ(records_[0]->outcome, v1::OUTCOME_CANCELLED);
  lease_.ExtendTo(kNever);
  Step(130);
  EXPECT_EQ(engine_.in_flight(), 0u) << "an expired phase stays over";
}

// A process that was stopped wakes up with answers at hand whose stamps lie before the lease's end.
TEST_F(DispatcherTest, AnAnswerAfterTheLeaseFreesNoSlot) {
  Make({.slots = 1});
  lease_.ExtendTo(100);
  Grant({-1, -1});
  dispatcher_->Start(0);
  Step(0);
  clock_.Advance(500);
  SetNow(60);
  engine_.Finish(0);
  EXPECT_EQ(engine_.in_flight(), 0u);
}

TEST_F(DispatcherTest, EarlierCreditsThatComeLaterAreSentFirst) {
  Make({.open_loop = true});
  granted_ = 10;
  Grant({100, 200}, false);
  dispatcher_->Start(0);
  Step(0);
  granted_ = 2;
  Grant({20});
  EXPECT_EQ(dispatcher_->LowestUnsent(), 2u);
  Step(20);
  ASSERT_EQ(engine_.in_flight(), 1u);
  EXPECT_EQ(engine_.flying[0]->session, 2u);
  EXPECT_EQ(dispatcher_->LowestUnsent(), 10u);
}

TEST_F(DispatcherTest, ANewSlotIsFreeSinceItWasGiven) {
  Make({.slots = 1});
  Grant({-1, -1});
  dispatcher_->Start(0);
  Step(0);
  dispatcher_->SetSlots(2, 700);
  Step(701);
  ASSERT_EQ(engine_.in_flight(), 2u);
  EXPECT_EQ(engine_.flying[1]->ready_ns, 700);
}

// A worker that came back has had its slots only since then: the time before is not its delay.
TEST_F(DispatcherTest, WhoJoinsAPhaseThatRunsIsNotLateSinceItsStart) {
  Make({.slots = 2});
  Grant({-1, -1, -1});
  dispatcher_->Join(1000, 7'000);
  Step(7'002);
  ASSERT_EQ(engine_.in_flight(), 2u);
  EXPECT_EQ(engine_.flying[0]->ready_ns, 7'000);
  EXPECT_EQ(engine_.flying[1]->ready_ns, 7'000);
  SetNow(9'000);
  engine_.Finish(0);
  ASSERT_EQ(engine_.in_flight(), 2u);
  EXPECT_EQ(engine_.flying[1]->ready_ns, 9'000);
}

// While it was prepared the others' shares changed once more.
TEST_F(DispatcherTest, WhoJoinsWithMoreSlotsThanItWasPreparedForHasAllSinceThen) {
  Make({.slots = 1});
  Grant({-1, -1});
  dispatcher_->SetSlots(2, 500);
  dispatcher_->Join(100, 700);
  Step(701);
  ASSERT_EQ(engine_.in_flight(), 2u);
  EXPECT_EQ(engine_.flying[0]->ready_ns, 700);
  EXPECT_EQ(engine_.flying[1]->ready_ns, 700);
}

TEST_F(DispatcherTest, WhoJoinsAnOpenLoopIsDueByTheSchedule) {
  Make({.open_loop = true, .slots = 2});
  Grant({50});
  dispatcher_->Join(1000, 7'000);
  Step(7'000);
  ASSERT_EQ(engine_.in_flight(), 1u);
  EXPECT_EQ(engine_.flying[0]->ready_ns, 1050);
}

// Others take part from now on: what is in flight may end, and so many slots are gone with it.
TEST_F(DispatcherTest, ASlotThatIsGoneIsNotUsedAgain) {
  Make({.slots = 3});
  Grant({-1, -1, -1, -1, -1});
  dispatcher_->Start(0);
  Step(0);
  ASSERT_EQ(engine_.in_flight(), 3u);
  dispatcher_->SetSlots(1, 100);
  EXPECT_EQ(dispatcher_->slot_changes(), 1u);
  SetNow(200);
  engine_.Finish(0);
  SetNow(300);
  engine_.Finish(0);
  Step(301);
  EXPECT_EQ(engine_.in_flight(), 1u);
  SetNow(400);
  engine_.Finish(0);
  ASSERT_EQ(engine_.in_flight(), 1u);
  EXPECT_EQ(engine_.flying[0]->ready_ns, 400)
      << "since the last slot is free, not one that is gone";
}

TEST_F(DispatcherTest, AnAnswerAtTheDurationsEndBeginsNoOtherRequest) {
  Make({.slots = 1, .duration_ns = 100});
  Grant({-1, -1, -1});
  dispatcher_->Start(1000);
  Step(1000);
  SetNow(1100);  // the answer is handled before the next step
  engine_.Finish(0);
  EXPECT_EQ(engine_.in_flight(), 0u);
  Step(1100);
  EXPECT_TRUE(dispatcher_->done());
  EXPECT_EQ(dispatcher_->totals().unsent(), 2u);
}

}  // namespace
}  // namespace drumfire
