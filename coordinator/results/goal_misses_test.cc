// Is each goal's share of the misses its own?
#include "coordinator/results/goal_misses.h"

#include "common/metrics/test_records.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

MetricContext Goals(const char* text) {
  const auto goals = ParseGoodput(text);
  EXPECT_TRUE(goals.ok()) << goals.status();
  MetricContext context;
  context.goodput = CompileGoodput({goals->begin(), goals->end()});
  return context;
}

TEST(GoalMissesTest, FailedRequestsMissNothing) {
  GoalMisses misses(Goals("request_latency:1"));
  misses.Add(test_records::Failed(0, 0, 500, "Internal Server Error", "x"));
  EXPECT_EQ(misses.counts().at(0).missed, 0U);
}

TEST(GoalMissesTest, EachGoalCountsItsOwnMisses) {
  // TTFT is 50 ms, the latency 90 ms.
  GoalMisses misses(Goals("time_to_first_token:49 request_latency:100"));
  misses.Add(test_records::Streamed(0, 0));
  misses.Add(test_records::Streamed(1, 10));
  EXPECT_EQ(misses.counts().at(0).missed, 2U);
  EXPECT_EQ(misses.counts().at(1).missed, 0U);
}

TEST(GoalMissesTest, ARequestWithoutTheMetricMissesItsGoal) {
  GoalMisses misses(Goals("time_to_first_token:100"));
  v1::Record record = test_records::Streamed(0, 0);
  record.set_first_token_ns(-1);
  misses.Add(record);
  EXPECT_EQ(misses.counts().at(0).missed, 1U);
}

}  // namespace
}  // namespace drumfire
