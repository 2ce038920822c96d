// Is a worker's clock known as well as the best recent probe allows, and no better?
#include "coordinator/fleet/clock_estimate.h"

#include <cmath>

#include "common/clock/clock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

// A worker whose clock is offset_ns ahead at time 0 and gains drift_ppm.
struct FarClock {
  int64_t offset_ns = 0;
  double drift_ppm = 0;
  int64_t At(int64_t ns) const {
    return ns + offset_ns + static_cast<int64_t>(static_cast<double>(ns) * drift_ppm / 1e6);
  }
};

class ClockEstimateTest : public testing::Test {
 protected:
  v1::ClockReply Reply(uint32_t number, int64_t read_at_ns) const {
    v1::ClockReply reply;
    reply.set_number(number);
    reply.set_monotonic_ns(far_.At(read_at_ns));
    reply.set_wall_ns(far_.At(read_at_ns) + 7);
    return reply;
  }

  // One whole probe; the clock is read after `there` of the trip.
  void Probe(int64_t sent_ns, int64_t trip_ns, double there = 0.5) {
    const uint32_t number = estimate_.OnProbe(sent_ns, sent_ns);
    const auto on_the_way_ns = static_cast<int64_t>(static_cast<double>(trip_ns) * there);
    ASSERT_TRUE(estimate_.OnReply(Reply(number, sent_ns + on_the_way_ns), sent_ns + trip_ns));
  }

  FarClock far_{5 * kNsPerSecond, 0};
  ClockEstimate estimate_;
};

TEST_F(ClockEstimateTest, WithoutProbesTheClockIsOurs) {
  EXPECT_EQ(estimate_.offset_ns(), 0);
  EXPECT_EQ(estimate_.bound_ns(90 * 24 * 3600 * kNsPerSecond), 0);
  EXPECT_EQ(estimate_.apart_ns(), 0);
  EXPECT_EQ(estimate_.probes(), 0u);
}

// One host has one clock, so the bound of a reading does not grow with age.
TEST_F(ClockEstimateTest, AClockOfOurHostDoesNotDrift) {
  estimate_.set_is_same_clock(true);
  for (uint32_t i = 0; i <= ClockEstimate::kFirstProbes; ++i) Probe(i * kNsPerSecond, 1000);
  EXPECT_EQ(estimate_.bound_ns(3600 * kNsPerSecond), 500);
  EXPECT_EQ(estimate_.Drift().bound_ppm, 0);
  estimate_.set_is_same_clock(false);
  EXPECT_GT(estimate_.bound_ns(3600 * kNsPerSecond), 500);
  EXPECT_GT(estimate_.Drift().bound_ppm, 0);
}

TEST_F(ClockEstimateTest, AReplyThatCameTwiceDoesNotCount) {
  const uint32_t number = estimate_.OnProbe(0, 0);
  EXPECT_TRUE(estimate_.OnReply(Reply(number, 500), 1000));
  EXPECT_FALSE(estimate_.OnReply(Reply(number, 500), 1010));
  EXPECT_EQ(estimate_.probes(), 1u);
}

// Else it would seem to have come back in no time.
TEST_F(ClockEstimateTest, ALateReplyIsNotTakenForTheNextOnes) {
  const uint32_t lost = estimate_.OnProbe(0, 0);
  const uint32_t second = estimate_.OnProbe(kNsPerSecond, kNsPerSecond);
  EXPECT_FALSE(estimate_.OnReply(Reply(lost, 500), kNsPerSecond + 10));
  EXPECT_TRUE(estimate_.is_waiting());
  EXPECT_TRUE(estimate_.OnReply(Reply(second, kNsPerSecond + 500), kNsPerSecond + 1000));
  EXPECT_FALSE(estimate_.is_waiting());
  EXPECT_EQ(estimate_.bound_ns(kNsPerSecond + 1000), 500);
}

TEST_F(ClockEstimateTest, TheShortestTripCounts) {
  Probe(0, 1000, 1.0);
  Probe(2000, 100);
  Probe(4000, 900, 0.0);
  EXPECT_EQ(estimate_.offset_ns(), far_.offset_ns);
  EXPECT_EQ(estimate_.bound_ns(2100), 50);
  EXPECT_EQ(estimate_.shortest_round_trip_ns(), 100);
  EXPECT_EQ(estimate_.WallAt(2100).offset_ns, far_.offset_ns + 7);
}

TEST_F(ClockEstimateTest, AnOldReplySaysLess) {
  Probe(0, 100);
  EXPECT_EQ(estimate_.bound_ns(100 + 10 * kNsPerSecond), 50 + 10 * 100'000);
  Probe(10 * kNsPerSecond, 4000);
  EXPECT_EQ(estimate_.bound_ns(10 * kNsPerSecond + 4000), 2000)
      << "the newer one is the better now";
}

TEST_F(ClockEstimateTest, OnlyTheNewestRepliesCount) {
  Probe(0, 10);
  for (size_t i = 1; i <= ClockEstimate::kWindow; ++i) {
    Probe(static_cast<int64_t>(i) * kNsPerUs, 100);
  }
  EXPECT_GE(estimate_.bound_ns(20 * kNsPerUs), 50);
  EXPECT_EQ(estimate_.shortest_round_trip_ns(), 10);
}

// Whatever way the answers take: the true offset is within the bound, at any time.
TEST_F(ClockEstimateTest, TheBoundHoldsWhileClocksDriftAndTripsAreLopsided) {
  for (const double drift_ppm : {-90.0, 0.0, 40.0, 90.0}) {
    far_ = {-3 * kNsPerSecond, drift_ppm};
    estimate_ = ClockEstimate();
    for (int64_t i = 0; i < 200; ++i) {
      const int64_t trip_ns = (i * 7919 % 997 + 3) * kNsPerUs;
      Probe(i * kNsPerSecond, trip_ns, static_cast<double>(i * 31 % 11) / 10);
      const int64_t now_ns = i * kNsPerSecond + trip_ns + (i * 104729 % 1000) * 900'000;
      const int64_t error_ns = std::abs(estimate_.offset_ns() - (far_.At(now_ns) - now_ns));
      ASSERT_LE(error_ns, estimate_.bound_ns(now_ns) + 2)
          << "drift " << drift_ppm << " probe " << i;
    }
  }
}

TEST_F(ClockEstimateTest, DriftIsFoundWithinItsBound) {
  far_ = {kNsPerSecond, 25};
  for (uint32_t i = 0; i < ClockEstimate::kFirstProbes; ++i)
    Probe(i * kNsPerMs, 200 * kNsPerUs, 0.3);
  const ClockReading first = estimate_.first();
  for (int64_t second = 1; second <= 60; ++second)
    Probe(second * kNsPerSecond, 200 * kNsPerUs, 0.9);
  EXPECT_EQ(estimate_.first().offset_ns, first.offset_ns) << "the start stays what it was";
  const ClockDrift drift = estimate_.Drift();
  EXPECT_NEAR(drift.ppm, 25, drift.bound_ppm);
  EXPECT_LT(drift.bound_ppm, 4);
  EXPECT_GT(drift.bound_ppm, 3);
}

// However good the first ones were: they say nothing of the end.
TEST_F(ClockEstimateTest, TheLastReadingIsOfAReplyAfterTheFirst) {
  for (uint32_t i = 0; i < ClockEstimate::kFirstProbes; ++i) Probe(i * kNsPerMs, 1000);
  EXPECT_EQ(estimate_.apart_ns(), 0);
  EXPECT_EQ(estimate_.last().bound_ns, 500);
  Probe(kNsPerSecond, kNsPerMs);
  EXPECT_EQ(estimate_.last().bound_ns, kNsPerMs / 2);
  EXPECT_GT(estimate_.apart_ns(), kNsPerSecond / 2);
  EXPECT_LT(estimate_.bound_ns(kNsPerSecond + kNsPerMs), kNsPerMs / 2) << "a start takes the best";
}

TEST_F(ClockEstimateTest, NoDriftIsKnownWithoutTimeBetween) {
  EXPECT_EQ(estimate_.Drift().bound_ppm, 0);
  Probe(0, 100);
  EXPECT_EQ(estimate_.Drift().bound_ppm, 0);
}

}  // namespace
}  // namespace drumfire
