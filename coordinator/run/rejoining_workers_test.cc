// Is a worker that joins a running phase ready to send when it starts, and does its Start say that
// it joins?
#include "coordinator/run/rejoining_workers.h"

#include <gtest/gtest.h>

#include "coordinator/fleet/fleet_test_fixture.h"
#include "coordinator/run/fake_keeper.h"

namespace drumfire {
namespace {

// Worker 0 runs a closed loop with 6 slots; worker 1 comes.
class RejoiningWorkersTest : public FleetTest {
 protected:
  RejoiningWorkersTest() {
    spec_.set_concurrency(6);
    ledger_ = MakeClosedLoopLedger({.phase = 0, .hold_final = true}, {6}, 1000);
    outcome_.workers.resize(2);
    outcome_.start_ns = 1;
    participants_.emplace(spec_, fleet_.get(), &outcome_);
    rejoining_.emplace(fleet_.get(), &*participants_, ledger_.get(), &keeper_, &outcome_);
  }

  void Begin() {
    Connect();
    participants_->Add(0, 6);
    outcome_.workers[0].participates = true;
  }

  // Worker 0 says that its smaller share is in force.
  void GiveRoom(uint32_t open) {
    v1::Progress& progress = outcome_.workers[0].progress.emplace();
    progress.set_slot_changes(1);
    progress.mutable_totals()->set_open(open);
  }

  const v1::CoordinatorMessage* Sent(uint32_t worker,
                                     bool (v1::CoordinatorMessage::*has)() const) const {
    for (const auto& message : links_->sent.at(worker)) {
      if ((message.*has)()) return &message;
    }
    return nullptr;
  }

  v1::Phase spec_;
  FakeKeeper keeper_;
  PhaseOutcome outcome_;
  std::unique_ptr<Ledger> ledger_;
  std::optional<Participants> participants_;
  std::optional<RejoiningWorkers> rejoining_;
};

TEST_F(RejoiningWorkersTest, NobodyComesWhileMoreAreInFlightThanTheOthersMayHave) {
  Begin();
  rejoining_->Step(true);
  GiveRoom(4);
  rejoining_->Step(true);
  EXPECT_EQ(Sent(1, &v1::CoordinatorMessage::has_prepare), nullptr);
}

TEST_F(RejoiningWorkersTest, ARejoiningWorkerHasRequestsForItsSlotsWhenItStarts) {
  Begin();
  rejoining_->Step(true);
  GiveRoom(3);
  rejoining_->Step(true);
  const v1::CoordinatorMessage* prepare = Sent(1, &v1::CoordinatorMessage::has_prepare);
  ASSERT_NE(prepare, nullptr);
  EXPECT_EQ(prepare->prepare().slots(), 3u);
  EXPECT_GE(prepare->prepare().first_grant().count(), 3u);
  EXPECT_EQ(ledger_->granted(1), prepare->prepare().first_grant().count());
}

TEST_F(RejoiningWorkersTest, ARejoiningWorkerIsToldThatItJoins) {
  Begin();
  rejoining_->Step(true);
  GiveRoom(3);
  rejoining_->Step(true);
  outcome_.workers[1].prepared.emplace();
  rejoining_->Step(true);
  const v1::CoordinatorMessage* start = Sent(1, &v1::CoordinatorMessage::has_start);
  ASSERT_NE(start, nullptr);
  EXPECT_TRUE(start->start().joins());
}

TEST_F(RejoiningWorkersTest, AWorkerWhoseRecordsCannotBeFetchedIsExpelled) {
  Begin();
  keeper_.linked = absl::FailedPreconditionError("it said no");
  rejoining_->Step(true);
  EXPECT_TRUE(fleet_->member(1).lost);
  EXPECT_EQ(fleet_->member(1).lost_reason, "it said no");
  EXPECT_EQ(rejoining_->waiting(), 0u);
}

TEST_F(RejoiningWorkersTest, NobodyGivesUpSlotsForAWorkerWhoseRecordsAreNotLinkedYet) {
  Begin();
  keeper_.linked = false;
  rejoining_->Step(true);
  EXPECT_EQ(Sent(0, &v1::CoordinatorMessage::has_slot_change), nullptr);
  keeper_.linked = true;
  rejoining_->Step(true);
  EXPECT_NE(Sent(0, &v1::CoordinatorMessage::has_slot_change), nullptr);
  EXPECT_EQ(rejoining_->waiting(), 1u);
}

TEST_F(RejoiningWorkersTest, AWorkerThatCannotReachTheTargetIsExpelled) {
  Begin();
  rejoining_->Step(true);
  GiveRoom(3);
  EXPECT_EQ(rejoining_->Step(true).enlisted, 1u);
  outcome_.workers[1].participates = true;
  outcome_.workers[1].prepared.emplace().set_connect_error("refused");
  EXPECT_FALSE(rejoining_->Step(true).started.has_value());
  EXPECT_EQ(fleet_->member(1).lost_reason, "it cannot reach the target: refused");
}

TEST_F(RejoiningWorkersTest, AReservedShareGoesBackWhenTheWorkerIsLost) {
  Begin();
  rejoining_->Step(true);
  EXPECT_EQ(participants_->slots(0), 3u);
  rejoining_->OnLost(1);
  EXPECT_EQ(participants_->slots(0), 6u);
  EXPECT_EQ(rejoining_->waiting(), 0u);
}

TEST_F(RejoiningWorkersTest, NobodyNewComesInAfterTheFinalGrants) {
  Begin();
  EXPECT_FALSE(rejoining_->Step(false).enlisted.has_value());
  EXPECT_TRUE(keeper_.asked_to_link.empty());
}

TEST_F(RejoiningWorkersTest, NobodyComesWhereNoSlotWouldBeLeft) {
  spec_.set_concurrency(1);
  Begin();
  rejoining_->Step(true);
  EXPECT_TRUE(keeper_.asked_to_link.empty());
}

}  // namespace
}  // namespace drumfire
