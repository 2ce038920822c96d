// Is a worker that does nothing told from one that waits, or has nothing to do?
#include "coordinator/run/stall_watch.h"

#include <gtest/gtest.h>

namespace drumfire {
namespace {

constexpr int64_t kTimeoutNs = 5 * kNsPerSecond;
constexpr int64_t kLimitNs = kTimeoutNs + kStallPatienceNs;

v1::Plan PlanWithTimeout(int64_t timeout_ns) {
  v1::Plan plan;
  plan.mutable_connections()->set_request_timeout_ns(timeout_ns);
  return plan;
}

v1::CreditTotals Totals(uint64_t granted, uint64_t begun, uint64_t completed) {
  v1::CreditTotals totals;
  totals.set_granted(granted);
  totals.set_begun(begun);
  totals.set_sent(begun);
  totals.set_completed(completed);
  totals.set_open(begun - completed);
  totals.set_unsent(granted - begun);
  return totals;
}

TEST(StallWatchTest, AWorkerThatNeverSaysAnythingStandsStill) {
  StallWatch watch(PlanWithTimeout(kTimeoutNs));
  watch.Begin(3, 100);
  EXPECT_FALSE(watch.IsStalled(3, 1, 100 + kLimitNs));
  EXPECT_TRUE(watch.IsStalled(3, 1, 101 + kLimitNs));
  EXPECT_FALSE(watch.IsStalled(3, 0, 101 + kLimitNs)) << "it was granted nothing";
  EXPECT_FALSE(watch.IsStalled(4, 1, 101 + kLimitNs)) << "it takes no part";
}

TEST(StallWatchTest, WhoMovesDoesNotStandStill) {
  StallWatch watch(PlanWithTimeout(kTimeoutNs));
  watch.Begin(0, 0);
  watch.OnProgress(0, Totals(10, 2, 1), kLimitNs);
  watch.OnProgress(0, Totals(10, 3, 1), 2 * kLimitNs);
  EXPECT_FALSE(watch.IsStalled(0, 10, 3 * kLimitNs));
  watch.OnProgress(0, Totals(10, 3, 1), 3 * kLimitNs);  // the same again
  EXPECT_TRUE(watch.IsStalled(0, 10, 3 * kLimitNs + 1));
}

TEST(StallWatchTest, WhoHasNothingToDoDoesNotStandStill) {
  StallWatch watch(PlanWithTimeout(kTimeoutNs));
  watch.Begin(0, 0);
  watch.OnProgress(0, Totals(10, 10, 10), 1);
  EXPECT_FALSE(watch.IsStalled(0, 10, 9 * kLimitNs));
  EXPECT_TRUE(watch.IsStalled(0, 11, 9 * kLimitNs)) << "it passed over a grant";
}

// Its next report comes half a second after the grant.
TEST(StallWatchTest, WhoHadNothingToDoHasTimeFromTheGrantOn) {
  StallWatch watch(PlanWithTimeout(kTimeoutNs));
  watch.Begin(0, 0);
  watch.OnProgress(0, Totals(10, 10, 10), 1);
  watch.OnGrant(0, 9 * kLimitNs);
  EXPECT_FALSE(watch.IsStalled(0, 11, 10 * kLimitNs));
  EXPECT_TRUE(watch.IsStalled(0, 11, 10 * kLimitNs + 1));
}

TEST(StallWatchTest, WithoutATimeoutARequestMayTakeForEver) {
  StallWatch watch(PlanWithTimeout(0));
  watch.Begin(0, 0);
  EXPECT_FALSE(watch.IsStalled(0, 1, INT64_MAX));
}

}  // namespace
}  // namespace drumfire
