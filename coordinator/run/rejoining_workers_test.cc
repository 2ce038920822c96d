// Is a worker that joins a running phase ready to send when it starts, and does its Start say that
// it joins?
#include "coordinator/run/rejoining_workers.h"

#include <gtest/gtest.h>

#include "coordinator/fleet/fleet_test_fixture.h"

namespace drumfire {
namespace {

class SilentObserver : public PhaseObserver {
 public:
  void OnPhaseStart(const PhaseOutcome&) override {}
  void OnJoin(const PhaseOutcome&, uint32_t) override {}
  void OnHistograms(uint32_t, const v1::IntervalHistograms&) override {}
  absl::StatusOr<bool> LinkRecords(uint32_t) override { return true; }
  uint64_t CloseRecords(uint32_t, uint32_t) override { return 0; }
  void OnProgress(const PhaseOutcome&, int64_t) override {}
};

// Worker 0 runs a closed loop with 6 slots; worker 1 comes.
class RejoiningWorkersTest : public FleetTest {
 protected:
  RejoiningWorkersTest() {
    spec_.set_concurrency(6);
    ledger_ = MakeClosedLoopLedger({.phase = 0, .hold_final = true}, {6}, 1000);
    outcome_.workers.resize(2);
    outcome_.start_ns = 1;
    participants_.emplace(spec_, fleet_.get(), &outcome_);
    rejoining_.emplace(fleet_.get(), &*participants_, ledger_.get(), &observer_, &outcome_);
  }

  void Begin() {
    Connect();
    participants_->Add(0, 6);
  }

  // Worker 0 says that its smaller share is in force.
  void GiveRoom(uint32_t in_flight) {
    v1::Progress& progress = outcome_.workers[0].progress.emplace();
    progress.set_slot_changes(1);
    progress.mutable_totals()->set_in_flight(in_flight);
  }

  const v1::CoordinatorMessage* Sent(uint32_t worker,
                                     bool (v1::CoordinatorMessage::*has)() const) const {
    for (const auto& message : links_->sent.at(worker)) {
      if ((message.*has)()) return &message;
    }
    return nullptr;
  }

  v1::Phase spec_;
  SilentObserver observer_;
  PhaseOutcome outcome_;
  std::unique_ptr<Ledger> ledger_;
  std::optional<Participants> participants_;
  std::optional<RejoiningWorkers> rejoining_;
};

TEST_F(RejoiningWorkersTest, NobodyComesWhileMoreAreInFlightThanTheOthersMayHave) {
  Begin();
  rejoining_->Tend(true);
  GiveRoom(4);
  rejoining_->Tend(true);
  EXPECT_EQ(Sent(1, &v1::CoordinatorMessage::has_prepare), nullptr);
}

TEST_F(RejoiningWorkersTest, ARejoiningWorkerHasRequestsForItsSlotsWhenItStarts) {
  Begin();
  rejoining_->Tend(true);
  GiveRoom(3);
  rejoining_->Tend(true);
  const v1::CoordinatorMessage* prepare = Sent(1, &v1::CoordinatorMessage::has_prepare);
  ASSERT_NE(prepare, nullptr);
  EXPECT_EQ(prepare->prepare().slots(), 3u);
  EXPECT_GE(prepare->prepare().first_grant().count(), 3u);
  EXPECT_EQ(ledger_->granted(1), prepare->prepare().first_grant().count());
}

TEST_F(RejoiningWorkersTest, ARejoiningWorkerIsToldThatItJoins) {
  Begin();
  rejoining_->Tend(true);
  GiveRoom(3);
  rejoining_->Tend(true);
  outcome_.workers[1].prepared.emplace();
  rejoining_->Tend(true);
  const v1::CoordinatorMessage* start = Sent(1, &v1::CoordinatorMessage::has_start);
  ASSERT_NE(start, nullptr);
  EXPECT_TRUE(start->start().joins());
}

}  // namespace
}  // namespace drumfire
