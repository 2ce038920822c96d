// Is a stalled loop detected, and an idle or punctual one not?
#include "worker/health/hiccup_meter.h"

#include <gtest/gtest.h>

namespace drumfire {
namespace {

TEST(HiccupTimerTest, AnIdleLoopIsNotWoken) {
  HiccupTimer timer;
  EXPECT_EQ(timer.Arm(100, false), INT64_MAX);
  EXPECT_EQ(timer.LateNs(1'000'000'000), -1);
}

TEST(HiccupTimerTest, AWaitThatAnEventEndedEarlyIsNoTick) {
  HiccupTimer timer;
  EXPECT_EQ(timer.Arm(100, true), 100 + kHiccupTickNs);
  EXPECT_EQ(timer.LateNs(200), -1);
  EXPECT_EQ(timer.Arm(200, true), 100 + kHiccupTickNs);
}

TEST(HiccupTimerTest, ASleepThatEndsLateIsSeen) {
  HiccupTimer timer;
  timer.Arm(0, true);
  EXPECT_EQ(timer.LateNs(kHiccupTickNs + 60 * kNsPerMs), 60 * kNsPerMs);
  EXPECT_EQ(timer.Arm(kHiccupTickNs + 60 * kNsPerMs, true), 2 * kHiccupTickNs + 60 * kNsPerMs);
}

TEST(HiccupTimerTest, TimeWithoutWorkIsNoHiccup) {
  HiccupTimer timer;
  timer.Arm(0, true);
  timer.Arm(1, false);
  timer.Arm(kNsPerSecond, true);
  EXPECT_EQ(timer.LateNs(kNsPerSecond + kHiccupTickNs), 0);
}

TEST(HiccupTallyTest, CountsOnlyWhatIsLongerThanTheBound) {
  HiccupTally tally;
  EXPECT_EQ(tally.p99_ns(), -1);
  for (const int64_t late_ns : {int64_t{0}, kHiccupNs, kHiccupNs + 1, 6 * kHiccupNs})
    tally.Add(late_ns);
  EXPECT_EQ(tally.count(), 2u);
  EXPECT_EQ(tally.total_ns(), 7 * kHiccupNs + 1);
  EXPECT_EQ(tally.longest_ns(), 6 * kHiccupNs);
  tally.Clear();
  EXPECT_EQ(tally.count(), 0u);
}

}  // namespace
}  // namespace drumfire
