// Does a lost worker return only once it can no longer send, as a new member, and are others
// abandoned after their retries?
#include <algorithm>

#include "coordinator/fleet/fleet_test_fixture.h"
#include "gmock/gmock.h"

namespace drumfire {
namespace {

using testing::Contains;
using testing::Not;
using testing::Pair;

class FleetReturnsTest : public FleetTest {
 protected:
  explicit FleetReturnsTest(bool same_host = true)
      : FleetTest({.same_host = same_host, .redial_lost = true}) {}

  // Worker 0 stays alive.
  void LetPass(int64_t ns) {
    const int64_t until_ns = clock_.MonotonicNs() + ns;
    while (clock_.MonotonicNs() < until_ns) {
      Queue(0)->mutable_heartbeat();
      while (!links_->events.empty()) (void)fleet_->Next(absl::ZeroDuration());
      (void)fleet_->Next(absl::Milliseconds(50));
    }
  }

  void LoseWorkerOne() {
    Connect();
    QueueEnd(1);
    ASSERT_TRUE(NextLoss().has_value());
  }

  size_t TimesDialled(uint32_t worker) const {
    return static_cast<size_t>(
        std::count_if(links_->dialled.begin(), links_->dialled.end(),
                      [worker](const auto& dial) { return dial.first == worker; }));
  }
};

TEST_F(FleetReturnsTest, NobodyIsDialledAgainBeforeTheLeaseIsOver) {
  LoseWorkerOne();
  LetPass(kLeaseNs);
  EXPECT_EQ(TimesDialled(2), 0u);
  LetPass(kLeaseNs / 5 + kFirstRedialPauseNs);
  EXPECT_THAT(links_->dialled, Contains(Pair(2, 2)));
  EXPECT_EQ(links_->sent[2].front().hello().worker(), 2u);
  EXPECT_EQ(links_->sent[2].front().epoch(), 2u);
}

TEST_F(FleetReturnsTest, WhoIsBackIsAMemberOfItsOwn) {
  LoseWorkerOne();
  LetPass(2 * kLeaseNs);
  ASSERT_EQ(fleet_->size(), 3u);
  EXPECT_FALSE(fleet_->member(2).present());
  QueueHandshake(2, 2);
  LetPass(kNsPerSecond / 10);
  EXPECT_TRUE(fleet_->member(2).present());
  EXPECT_EQ(fleet_->member(2).address(), "b:1");
  EXPECT_TRUE(fleet_->member(1).lost) << "what the lost one did stays its own";
  EXPECT_EQ(TimesDialled(2), 1u);
}

TEST_F(FleetReturnsTest, ARefusalIsFollowedByALaterAttempt) {
  LoseWorkerOne();
  LetPass(2 * kLeaseNs);
  Queue(2, 2)->mutable_refused()->set_reason("it has an owner");
  sequences_[2] = 0;
  LetPass(2 * kFirstRedialPauseNs);
  EXPECT_THAT(links_->dialled, Contains(Pair(2, 3)));
  QueueHandshake(2, 2);  // of the attempt before
  sequences_[2] = 0;
  LetPass(kNsPerSecond / 10);
  EXPECT_FALSE(fleet_->member(2).present());
  QueueHandshake(2, 3);
  LetPass(kNsPerSecond / 10);
  EXPECT_TRUE(fleet_->member(2).present());
}

TEST_F(FleetReturnsTest, TheEndOfAnEarlierAttemptIsNotThatOfTheLater) {
  LoseWorkerOne();
  LetPass(2 * kLeaseNs);
  QueueEnd(2, 2);
  LetPass(2 * kFirstRedialPauseNs);
  const size_t dialled = TimesDialled(2);
  EXPECT_EQ(dialled, 2u);
  QueueEnd(2, 2);
  LetPass(2 * kFirstRedialPauseNs);
  EXPECT_EQ(TimesDialled(2), dialled);
}

TEST_F(FleetReturnsTest, WhoNeverComesBackIsLetGo) {
  LoseWorkerOne();
  for (uint32_t i = 0; i < 2 * kMostRedials; ++i) {
    LetPass(kLongestRedialPauseNs);
    if (TimesDialled(2) > 0) QueueEnd(2, links_->dialled.back().second);
  }
  EXPECT_EQ(TimesDialled(2), kMostRedials);
  EXPECT_FALSE(fleet_->member(2).present());
}

TEST_F(FleetReturnsTest, WhoComesAndGoesIsNotTakenBackForEver) {
  LoseWorkerOne();
  for (uint32_t back = 2; back < 3 * kMostReturns; ++back) {
    LetPass(2 * kLeaseNs);
    if (fleet_->size() <= back) break;
    QueueHandshake(back, links_->dialled.back().second);
    LetPass(kNsPerSecond / 10);
    ASSERT_TRUE(fleet_->member(back).present());
    QueueEnd(back, links_->dialled.back().second);
    ASSERT_TRUE(NextLoss().has_value());
  }
  EXPECT_EQ(fleet_->size(), 2u + kMostReturns);
}

TEST_F(FleetReturnsTest, WhoIsExpelledIsLost) {
  Connect();
  fleet_->Expel(1, "of no use");
  EXPECT_TRUE(fleet_->member(1).lost);
  EXPECT_EQ(fleet_->member(1).lost_reason, "of no use");
  EXPECT_THAT(links_->abandoned, Contains(1));
  EXPECT_EQ(NextLoss()->worker, 1u);
}

// The end of a run does not wait for workers that have not returned.
TEST_F(FleetReturnsTest, AtTheEndAttemptsAreAbandoned) {
  LoseWorkerOne();
  LetPass(2 * kLeaseNs);
  ASSERT_EQ(TimesDialled(2), 1u);
  fleet_->Finish();
  EXPECT_THAT(links_->abandoned, Contains(2));
  EXPECT_THAT(links_->abandoned, Not(Contains(0)));
}

class FarFleetReturnsTest : public FleetReturnsTest {
 protected:
  FarFleetReturnsTest() : FleetReturnsTest(/*same_host=*/false) {}
};

TEST_F(FarFleetReturnsTest, TheClockOfWhoIsBackIsKnown) {
  LoseWorkerOne();
  LetPass(kLeaseNs + kLeaseNs / 5 + kFirstRedialPauseNs);
  ASSERT_EQ(fleet_->size(), 3u);
  EXPECT_EQ(links_->Probes(2), 0u) << "while it loads its answers would be late";
  QueueHandshake(2, links_->dialled.back().second);
  LetPass(kNsPerSecond / 10);
  EXPECT_TRUE(fleet_->member(2).present());
  EXPECT_EQ(links_->Probes(2), ClockEstimate::kFirstProbes);
  EXPECT_NEAR(fleet_->ToWorkerClock(2, 5), FakeLinks::kAheadNs + 5, kNsPerMs);
}

TEST_F(FleetTest, WithoutThePlansLeaveNobodyIsDialledAgain) {
  Connect();
  Queue(1)->mutable_failure();
  ASSERT_TRUE(NextLoss().has_value());
  for (int turn = 0; turn < 1000; ++turn) {
    Queue(0)->mutable_heartbeat();
    (void)fleet_->Next(absl::ZeroDuration());
    (void)fleet_->Next(absl::Milliseconds(50));
  }
  EXPECT_EQ(fleet_->size(), 2u);
}

}  // namespace
}  // namespace drumfire
