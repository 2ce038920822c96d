// Does the adaptive poll interval stay at once where laziness would hold up a closed loop or hide
// gaps?
#include "worker/engine/poll_interval.h"

#include "gtest/gtest.h"

namespace drumfire {
namespace {

// The interval after one window with so many requests in flight, each read every gap_ns.
int64_t IntervalAfter(PollInterval* interval, uint32_t in_flight, int64_t gap_ns) {
  const int64_t start_ns = 10 * kNsPerSecond;
  interval->Polled(start_ns, in_flight, 0);
  interval->Polled(start_ns + PollInterval::kWindowNs, in_flight,
                   in_flight * PollInterval::kWindowNs / gap_ns);
  return interval->interval_ns();
}

TEST(PollInterval, IsAtOnceWithFewInFlight) {
  PollInterval interval(PollInterval::kAdaptive);
  EXPECT_EQ(IntervalAfter(&interval, PollInterval::kMinInFlight - 1, 200 * kNsPerMs), 0);
}

TEST(PollInterval, IsAtOnceWhenGapsAreNotFarAboveTheInterval) {
  PollInterval interval(PollInterval::kAdaptive);
  EXPECT_EQ(IntervalAfter(&interval, 5000, 10 * kNsPerMs), 0);
}

TEST(PollInterval, IsLazyWithThousandsOfSlowStreams) {
  PollInterval interval(PollInterval::kAdaptive);
  const int64_t interval_ns = IntervalAfter(&interval, 5000, 200 * kNsPerMs);
  EXPECT_EQ(interval_ns, PollInterval::kAdaptiveIntervalNs);
  EXPECT_LE(50 * interval_ns, 200 * kNsPerMs);
}

TEST(PollInterval, GoesBackToAtOnceWhenTheStreamsEnd) {
  PollInterval interval(PollInterval::kAdaptive);
  ASSERT_GT(IntervalAfter(&interval, 5000, 200 * kNsPerMs), 0);
  interval.Polled(20 * kNsPerSecond, 3, 1'000'000);
  EXPECT_EQ(interval.interval_ns(), 0);
}

TEST(PollInterval, KeepsAFixedIntervalWhateverComes) {
  PollInterval interval(2 * kNsPerMs);
  EXPECT_EQ(IntervalAfter(&interval, 1, kNsPerMs), 2 * kNsPerMs);
  interval.Polled(30 * kNsPerSecond, 1, 0);
  EXPECT_EQ(interval.NextPollNs(30 * kNsPerSecond), 30 * kNsPerSecond + 2 * kNsPerMs);
}

TEST(PollInterval, LooksAtOnceWithoutAnInterval) {
  PollInterval interval(0);
  interval.Polled(5, 9, 9);
  EXPECT_EQ(interval.NextPollNs(7), 7);
}

}  // namespace
}  // namespace drumfire
