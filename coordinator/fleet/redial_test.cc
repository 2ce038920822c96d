// Is a lost worker dialled ever more seldom, not together with others, and not for ever?
#include "coordinator/fleet/redial.h"

#include "gtest/gtest.h"

namespace drumfire {
namespace {

constexpr int64_t kNowNs = 7 * kNsPerSecond;

TEST(Redial, IsNotDueAtOnce) {
  const Redial early(kNowNs, 0.0);
  EXPECT_FALSE(early.IsDue(kNowNs));
  EXPECT_TRUE(early.IsDue(kNowNs + kFirstRedialPauseNs / 2));
  const Redial late(kNowNs, 0.999);
  EXPECT_FALSE(late.IsDue(kNowNs + kFirstRedialPauseNs / 2)) << "all would come at once";
  EXPECT_TRUE(late.IsDue(kNowNs + kFirstRedialPauseNs));
}

TEST(Redial, IsNotDialledTwiceAtATime) {
  Redial redial(0, 0);
  redial.Begin(kNowNs);
  EXPECT_FALSE(redial.IsDue(kNowNs));
  EXPECT_FALSE(redial.IsOverdue(kNowNs));
  EXPECT_TRUE(redial.IsOverdue(kNowNs + 1));
  redial.Fail(kNowNs, 0);
  EXPECT_FALSE(redial.IsOverdue(kNowNs + 1));
}

TEST(Redial, PausesGrowToABound) {
  Redial redial(0, 1);
  int64_t now_ns = kFirstRedialPauseNs, last_pause_ns = kFirstRedialPauseNs;
  while (!redial.exhausted()) {
    ASSERT_TRUE(redial.IsDue(now_ns));
    redial.Begin(now_ns);
    redial.Fail(now_ns, 1);
    const int64_t pause_ns = std::min(2 * last_pause_ns, kLongestRedialPauseNs);
    EXPECT_FALSE(redial.IsDue(now_ns + pause_ns - 1));
    now_ns += pause_ns;
    last_pause_ns = pause_ns;
  }
  EXPECT_EQ(last_pause_ns, kLongestRedialPauseNs);
}

TEST(Redial, EndsAfterSoManyTimes) {
  Redial redial(0, 0);
  uint32_t times = 0;
  for (; !redial.exhausted(); ++times) {
    redial.Begin(0);
    EXPECT_FALSE(redial.exhausted()) << "the last one may still succeed";
    redial.Fail(0, 0);
  }
  EXPECT_EQ(times, kMostRedials);
}

}  // namespace
}  // namespace drumfire
