// Is the concurrency exact whoever takes part, and are only those told whose share changes?
#include "coordinator/run/participants.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coordinator/fleet/fleet_test_fixture.h"

namespace drumfire {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ParticipantsTest : public FleetTest {
 protected:
  void Choose(uint32_t concurrency) {
    Connect();
    outcome_.workers.resize(fleet_->size());
    outcome_.phase = 1;
    spec_.set_concurrency(concurrency);
    participants_.emplace(spec_, fleet_.get(), &outcome_);
    participants_->Choose();
  }
  std::vector<uint32_t> SlotChanges(uint32_t worker) const {
    std::vector<uint32_t> slots;
    for (const auto& message : links_->sent.at(worker)) {
      if (!message.has_slot_change()) continue;
      EXPECT_EQ(message.slot_change().phase(), outcome_.phase);
      slots.push_back(message.slot_change().slots());
    }
    return slots;
  }
  void Tell(uint32_t worker, uint32_t slot_changes, uint32_t open) {
    v1::Progress& progress = outcome_.workers[worker].progress.emplace();
    progress.set_slot_changes(slot_changes);
    progress.mutable_totals()->set_open(open);
  }

  v1::Phase spec_;
  PhaseOutcome outcome_;
  std::optional<Participants> participants_;
};

TEST_F(ParticipantsTest, AWorkerWithoutASlotDoesNotTakePart) {
  Choose(/*concurrency=*/1);
  EXPECT_THAT(participants_->workers(), ElementsAre(0));
  EXPECT_FALSE(participants_->HasRoomForOneMore());
}

TEST_F(ParticipantsTest, LostWorkersAreNotChosen) {
  Connect();
  fleet_->Expel(0, "gone");
  participants_.emplace(spec_, fleet_.get(), &outcome_);
  participants_->Choose();
  EXPECT_THAT(participants_->workers(), ElementsAre(1));
}

TEST_F(ParticipantsTest, WithoutAConcurrencyThereIsNothingToShare) {
  Choose(0);
  EXPECT_TRUE(participants_->HasRoomForOneMore());
  EXPECT_EQ(participants_->ShareSlots(1), 0u);
  EXPECT_TRUE(participants_->SharesAreKept());
  EXPECT_THAT(SlotChanges(0), IsEmpty());
}

TEST_F(ParticipantsTest, AReleasedShareGoesToTheOthersOnce) {
  Choose(7);
  EXPECT_EQ(participants_->slots(0) + participants_->slots(1), 7u);
  participants_->Release(1);
  participants_->ShareSlots(0);
  participants_->ShareSlots(0);
  EXPECT_EQ(participants_->slots(0), 7u);
  EXPECT_THAT(SlotChanges(0), ElementsAre(7));
  EXPECT_THAT(SlotChanges(1), IsEmpty());
}

TEST_F(ParticipantsTest, ASharesIsKeptWhenTheWorkerSaysSo) {
  Choose(6);
  EXPECT_EQ(participants_->ShareSlots(/*joining=*/1), 2u);
  Tell(0, /*slot_changes=*/1, /*open=*/2);
  EXPECT_FALSE(participants_->SharesAreKept()) << "the other one has not answered";
  Tell(1, /*slot_changes=*/0, /*open=*/0);
  EXPECT_FALSE(participants_->SharesAreKept()) << "the change is not in force there";
  Tell(1, /*slot_changes=*/1, /*open=*/3);
  EXPECT_FALSE(participants_->SharesAreKept()) << "more in flight than its share";
  Tell(1, /*slot_changes=*/1, /*open=*/2);
  EXPECT_TRUE(participants_->SharesAreKept());
}

TEST_F(ParticipantsTest, AWorkerThatIsDoneKeepsItsShare) {
  Choose(6);
  participants_->ShareSlots(1);
  Tell(0, 1, 2);
  outcome_.workers[1].done.emplace();
  EXPECT_TRUE(participants_->SharesAreKept());
}

TEST_F(ParticipantsTest, TooManyAreLostByTheShareOfThoseChosen) {
  Choose(6);
  EXPECT_FALSE(participants_->TooManyLost(0.5));
  outcome_.workers[0].lost = true;
  EXPECT_FALSE(participants_->TooManyLost(0.5));
  EXPECT_TRUE(participants_->TooManyLost(0.4));
  outcome_.workers[1].lost = true;
  EXPECT_TRUE(participants_->TooManyLost(1)) << "nobody is left";
}

TEST_F(ParticipantsTest, NobodyTakesPartTwice) {
  Choose(6);
  EXPECT_DEATH(participants_->Add(1, 1), "Check failed");
}

}  // namespace
}  // namespace drumfire
