// Are kernel stamps moved to the monotonic clock right, and refused when they cannot be true?
#include "worker/engine/kernel_stamps.h"

#include "gtest/gtest.h"

namespace drumfire {
namespace {

constexpr int64_t kNowNs = 50 * kNsPerSecond;

class KernelStampsTest : public testing::Test {
 protected:
  int64_t Realtime(int64_t monotonic_ns) const {
    return monotonic_ns + clock_.WallNs() - clock_.MonotonicNs();
  }

  FakeClock clock_{kNowNs};
  KernelStamps stamps_{clock_};
};

TEST_F(KernelStampsTest, RefusesAStampBeforeTheSend) {
  const int64_t stamp = Realtime(kNowNs - 10 * kNsPerUs);
  EXPECT_EQ(stamps_.ToMonotonic(stamp, kNowNs - 5 * kNsPerUs, kNowNs), KernelStamps::kRefused);
}

TEST_F(KernelStampsTest, RefusesAStampAfterTheRead) {
  const int64_t stamp = Realtime(kNowNs + 5 * kNsPerUs);
  EXPECT_EQ(stamps_.ToMonotonic(stamp, 0, kNowNs), KernelStamps::kRefused);
}

TEST_F(KernelStampsTest, RefusesStampsFromBeforeAStepOfTheWallClock) {
  const int64_t stamp = Realtime(kNowNs - kNsPerMs);
  clock_.StepWall(kNsPerSecond);
  stamps_.Refresh();
  EXPECT_EQ(stamps_.ToMonotonic(stamp, kNowNs - 2 * kNsPerMs, kNowNs), KernelStamps::kRefused);
}

TEST_F(KernelStampsTest, TakesAStampBetweenSendAndRead) {
  const int64_t stamp_ns = kNowNs - kNsPerMs;
  EXPECT_EQ(stamps_.ToMonotonic(Realtime(stamp_ns), kNowNs - 2 * kNsPerMs, kNowNs), stamp_ns);
}

TEST_F(KernelStampsTest, FollowsTheWallClockAfterAStep) {
  clock_.StepWall(-3 * kNsPerSecond);
  stamps_.Refresh();
  const int64_t stamp_ns = kNowNs - kNsPerMs;
  EXPECT_EQ(stamps_.ToMonotonic(Realtime(stamp_ns), kNowNs - 2 * kNsPerMs, kNowNs), stamp_ns);
}

TEST_F(KernelStampsTest, ClampsWhatIsOffByTheErrorOfTheOffset) {
  EXPECT_EQ(stamps_.ToMonotonic(Realtime(kNowNs + 100), 0, kNowNs), kNowNs);
  EXPECT_EQ(stamps_.ToMonotonic(Realtime(kNowNs - 600), kNowNs - 500, kNowNs), kNowNs - 500);
}

}  // namespace
}  // namespace drumfire
