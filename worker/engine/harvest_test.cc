// Does the adaptive harvest stay at once where laziness would hold up a closed loop or hide gaps?
#include "worker/engine/harvest.h"

#include "gtest/gtest.h"

namespace drumfire {
namespace {

// The interval after one window with so many requests in flight, each read every gap_ns.
int64_t IntervalAfter(Harvest* harvest, uint32_t in_flight, int64_t gap_ns) {
  const int64_t start_ns = 10 * kNsPerSecond;
  harvest->Looked(start_ns, in_flight, 0);
  harvest->Looked(start_ns + Harvest::kWindowNs, in_flight,
                  in_flight * Harvest::kWindowNs / gap_ns);
  return harvest->interval_ns();
}

TEST(Harvest, IsAtOnceWithFewInFlight) {
  Harvest harvest(Harvest::kAdaptive);
  EXPECT_EQ(IntervalAfter(&harvest, Harvest::kMinInFlight - 1, 200 * kNsPerMs), 0);
}

TEST(Harvest, IsAtOnceWhenGapsAreNotFarAboveTheInterval) {
  Harvest harvest(Harvest::kAdaptive);
  EXPECT_EQ(IntervalAfter(&harvest, 5000, 10 * kNsPerMs), 0);
}

TEST(Harvest, IsLazyWithThousandsOfSlowStreams) {
  Harvest harvest(Harvest::kAdaptive);
  const int64_t interval_ns = IntervalAfter(&harvest, 5000, 200 * kNsPerMs);
  EXPECT_EQ(interval_ns, Harvest::kAdaptiveIntervalNs);
  EXPECT_LE(50 * interval_ns, 200 * kNsPerMs);
}

TEST(Harvest, GoesBackToAtOnceWhenTheStreamsEnd) {
  Harvest harvest(Harvest::kAdaptive);
  ASSERT_GT(IntervalAfter(&harvest, 5000, 200 * kNsPerMs), 0);
  harvest.Looked(20 * kNsPerSecond, 3, 1'000'000);
  EXPECT_EQ(harvest.interval_ns(), 0);
}

TEST(Harvest, KeepsAFixedIntervalWhateverComes) {
  Harvest harvest(2 * kNsPerMs);
  EXPECT_EQ(IntervalAfter(&harvest, 1, kNsPerMs), 2 * kNsPerMs);
  harvest.Looked(30 * kNsPerSecond, 1, 0);
  EXPECT_EQ(harvest.NextLookNs(30 * kNsPerSecond), 30 * kNsPerSecond + 2 * kNsPerMs);
}

TEST(Harvest, LooksAtOnceWithoutAnInterval) {
  Harvest harvest(0);
  harvest.Looked(5, 9, 9);
  EXPECT_EQ(harvest.NextLookNs(7), 7);
}

}  // namespace
}  // namespace drumfire
