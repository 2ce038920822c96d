// Are goals read as their user meant them, and refused in one clear line when they cannot be?
#include "common/metrics/goals.h"

#include "common/metrics/test_records.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string GoodputError(absl::string_view text) {
  return std::string(ParseGoodput(text).status().message());
}
std::string FailIfError(absl::string_view text) {
  return std::string(ParseFailIf(text).status().message());
}

TEST(GoodputTest, NamesNearTagsForAnUnknownOne) {
  EXPECT_THAT(GoodputError("ttfts:100"),
              AllOf(HasSubstr("--goodput: \"ttfts:100\""), Not(HasSubstr("\n"))));
  EXPECT_THAT(GoodputError("time_to_frist_token:100"), HasSubstr("near: time_to_first_token"));
  EXPECT_THAT(GoodputError("latency:5"),
              HasSubstr("near: request_latency, inter_token_latency, inter_chunk_latency"));
}

TEST(GoodputTest, RefusesWhatIsNoGoal) {
  for (const char* text :
       {"", " ", "request_latency", "request_latency:", "request_latency:fast",
        "request_latency:1:2", "request_latency:nan", ":5", "request_latency:1e999"}) {
    EXPECT_FALSE(ParseGoodput(text).ok()) << text;
  }
  EXPECT_THAT(GoodputError("request_throughput:5"),
              HasSubstr("no value of its own for each request"));
  EXPECT_THAT(GoodputError("inter_chunk_latency:5"),
              HasSubstr("no value of its own for each request"));
  EXPECT_THAT(GoodputError("request_latency:5 request_latency:6"), HasSubstr("twice"));
}

TEST(GoodputTest, ReadsSeveralGoals) {
  const auto goals = ParseGoodput("time_to_first_token:100  inter_token_latency:3.40");
  ASSERT_TRUE(goals.ok()) << goals.status();
  ASSERT_EQ(goals->size(), 2u);
  EXPECT_EQ((*goals)[0].metric(), "time_to_first_token");
  EXPECT_EQ((*goals)[0].value(), 100);
  EXPECT_EQ((*goals)[1].metric(), "inter_token_latency");
  EXPECT_EQ((*goals)[1].value(), 3.4);
}

TEST(GoodputTest, TakesShortNamesAndUnits) {
  const auto goals = ParseGoodput("ttft:0.5s tpot:3400us e2el:2000ms");
  ASSERT_TRUE(goals.ok()) << goals.status();
  EXPECT_EQ(GoalsAsRead(*goals),
            "time_to_first_token:500ms inter_token_latency:3.4ms request_latency:2000ms");
  EXPECT_THAT(GoodputError("itl:5 tpot:6"), HasSubstr("twice"));
  EXPECT_THAT(GoodputError("ttft:5m"), HasSubstr("expected a number of ms, or a time"));
  EXPECT_THAT(GoodputError("output_sequence_length:5ms"), HasSubstr("expected a number of tokens"));
}

TEST(FailIfTest, TakesShortNamesStatisticsAndUnits) {
  EXPECT_EQ(GoalText(*ParseFailIf("TTFT:p99 > 0.5s")), "time_to_first_token:p99>500");
  EXPECT_EQ(GoalText(*ParseFailIf("e2el:median>200 ms")), "request_latency:p50>200");
  EXPECT_EQ(GoalText(*ParseFailIf("itl:mean>5")), "inter_token_latency:avg>5");
  EXPECT_EQ(GoalText(*ParseFailIf("request_error_rate>1%")), "request_error_rate:avg>1");
  EXPECT_THAT(FailIfError("ttft:p99>fast"), HasSubstr("expected a number of ms"));
}

std::vector<GoodputGoal> Compiled(absl::string_view text) {
  v1::ReportOptions options;
  const auto goals = ParseGoodput(text);
  for (const v1::Goal& goal : *goals) *options.add_goodput() = goal;
  return CompileGoodput(options.goodput());
}

TEST(GoodputTest, TakesTheLimitItself) {
  const v1::Record record = test_records::Streamed(0, 0);  // TTFT 50 ms, 100 tokens/s per user
  const RecordView view(record);
  EXPECT_TRUE(MeetsGoals(Compiled("time_to_first_token:50"), view));
  EXPECT_FALSE(MeetsGoals(Compiled("time_to_first_token:49.999"), view));
  EXPECT_TRUE(MeetsGoals(Compiled("output_token_throughput_per_user:100"), view));
  EXPECT_FALSE(MeetsGoals(Compiled("output_token_throughput_per_user:100.001"), view));
  EXPECT_FALSE(MeetsGoals(Compiled("time_to_first_token:50 request_latency:1"), view));
}

TEST(GoodputTest, RequestWithoutTheMetricIsNotGood) {
  v1::Record record = test_records::Streamed(0, 0);
  record.set_tokens_known(false);
  EXPECT_FALSE(MeetsGoals(Compiled("inter_token_latency:1000"), RecordView(record)));
}

TEST(FailIfTest, RefusesWhatIsNoGoal) {
  EXPECT_THAT(FailIfError("time_to_frst_token:p99>500"), HasSubstr("near: time_to_first_token"));
  EXPECT_THAT(FailIfError("time_to_first_token:p98>500"), HasSubstr("unknown statistic \"p98\""));
  EXPECT_THAT(FailIfError("request_error_rate:p99>1"), HasSubstr("has one value"));
  for (const char* text : {"", "time_to_first_token:p99", "time_to_first_token:p99>",
                           "time_to_first_token:p99>=5", "time_to_first_token:p99:x>5", ">5"}) {
    EXPECT_FALSE(ParseFailIf(text).ok()) << text;
  }
}

TEST(FailIfTest, ReadsStatAndDirection) {
  const auto goal = ParseFailIf(" time_to_first_token:p99 > 500 ");
  ASSERT_TRUE(goal.ok()) << goal.status();
  EXPECT_EQ(GoalText(*goal), "time_to_first_token:p99>500");
  EXPECT_TRUE(IsMissed(*goal, 500.1));
  EXPECT_FALSE(IsMissed(*goal, 500));
  const auto rate = ParseFailIf("request_throughput<10");
  ASSERT_TRUE(rate.ok()) << rate.status();
  EXPECT_EQ(GoalText(*rate), "request_throughput:avg<10");
  EXPECT_TRUE(IsMissed(*rate, 9));
  EXPECT_FALSE(IsMissed(*rate, 10));
}

}  // namespace
}  // namespace drumfire
