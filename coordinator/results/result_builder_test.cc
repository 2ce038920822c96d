// Does a run's result follow from its records alone?
#include "coordinator/results/result_builder.h"

#include <algorithm>
#include <random>

#include "coordinator/results/test_run.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using test_records::kMs;
using ::testing::IsEmpty;

// It was lost before it said anything.

TEST(ResultBuilderTest, MissedGoalSetsTheExitCode) {
  TestRun run;
  *run.facts.plan.mutable_report()->add_fail_if() = *ParseFailIf("time_to_first_token:p99>49");
  *run.facts.plan.mutable_report()->add_fail_if() = *ParseFailIf("request_latency:p99>1000");
  run.Close();
  const RunResult result = run.Finish();
  ASSERT_EQ(result.goals.size(), 2u);
  EXPECT_TRUE(result.goals[0].is_missed);
  EXPECT_NEAR(*result.goals[0].value, 50, 0.05);
  EXPECT_FALSE(result.goals[1].is_missed);
  EXPECT_EQ(ExitCodeOf(result), 4);
}

TEST(ResultBuilderTest, NoErrorsMeetAGoalOnTheirCount) {
  TestRun run;
  *run.facts.plan.mutable_report()->add_fail_if() = *ParseFailIf("error_request_count>0");
  run.Close();
  const RunResult result = run.Finish();
  EXPECT_EQ(result.goals.at(0).value, 0);
  EXPECT_FALSE(result.goals.at(0).is_missed);
  EXPECT_EQ(FindBlock(result.profiling.blocks, "error_request_count"), nullptr);
}

TEST(ResultBuilderTest, HealthyRunIsValidAndItsSumsClose) {
  TestRun run;
  run.Close();
  const RunResult result = run.Finish();
  EXPECT_THAT(Checks(result), IsEmpty());
  EXPECT_EQ(result.verdict.status, VerdictStatus::kValid);
  EXPECT_TRUE(result.is_complete);
  EXPECT_THAT(result.notes, IsEmpty());
  EXPECT_EQ(ExitCodeOf(result), 0);
  const CreditSums& credits = result.profiling.accounts.credits;
  EXPECT_EQ(credits.scheduled, 40u);
  EXPECT_EQ(credits.completed, 40u);
  const int64_t window_ns = (2 + 39 * TestRun::kGapMs + 91) * kMs;
  EXPECT_EQ(result.profiling.window_ns, window_ns);
  EXPECT_DOUBLE_EQ(ValueOf(result, "request_throughput"), 40 / (window_ns / 1e9));
}

TEST(ResultBuilderTest, WarmupStaysOutOfTheResults) {
  TestRun run;
  v1::Phase warmup = run.facts.plan.phases(0);
  warmup.set_kind(v1::PHASE_WARMUP);
  *run.facts.plan.add_phases() = run.facts.plan.phases(0);
  *run.facts.plan.mutable_phases(0) = warmup;
  for (v1::Record& record : run.records) record.set_phase(1);
  run.Close();
  run.facts.phases.insert(run.facts.phases.begin(), PhaseFacts());
  ResultBuilder builder(run.facts.plan);
  for (const v1::Record& record : run.records) builder.AddRecord(record, TestRun::WorkerOf(record));
  builder.AddRecord(test_records::Streamed(0, 1), 0);
  builder.AddRecord(test_records::Streamed(1, 1), 0);
  EXPECT_EQ(builder.SummaryOf(0)->totals().completed, 2);
  EXPECT_EQ(builder.SummaryOf(7), nullptr);
  const RunResult result = builder.Finish(run.facts);
  EXPECT_EQ(ValueOf(result, "request_count"), 40);
  EXPECT_EQ(FindBlock(result.warmup_blocks, "request_count")->value, 2);
}

TEST(ResultBuilderTest, SeveralUrlsEachGetTheirFigures) {
  TestRun run;
  run.facts.plan.add_urls("http://127.0.0.1:8102");
  run.Close();
  const RunResult result = run.Finish();
  ASSERT_EQ(result.urls.size(), 2u);
  EXPECT_EQ(result.urls[1].url, "http://127.0.0.1:8102");
  EXPECT_EQ(FindBlock(result.urls[1].blocks, "request_count")->value, 20);
}

TEST(ResultBuilderTest, OrderOfRecordsDoesNotMatter) {
  TestRun run;
  run.facts.plan.mutable_report()->set_slice_ns(500 * kMs);
  run.Close();
  const RunResult in_order = run.Finish();
  for (uint32_t seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    std::shuffle(run.records.begin(), run.records.end(), random);
    const RunResult shuffled = run.Finish();
    EXPECT_NEAR(shuffled.profiling.load.gap_cv, in_order.profiling.load.gap_cv, 1e-9);
    EXPECT_NEAR(shuffled.profiling.load.reached_concurrency,
                in_order.profiling.load.reached_concurrency, 1e-9);
    ASSERT_EQ(shuffled.slices.size(), in_order.slices.size());
    for (size_t i = 0; i < in_order.slices.size(); ++i) {
      EXPECT_EQ(shuffled.slices[i].start_ns, in_order.slices[i].start_ns);
      EXPECT_EQ(FindBlock(shuffled.slices[i].blocks, "request_count")->value,
                FindBlock(in_order.slices[i].blocks, "request_count")->value);
    }
  }
}

TEST(ResultBuilderTest, SlicesHoldTheRequestsThatStartedInThem) {
  TestRun run;
  run.facts.plan.mutable_report()->set_slice_ns(500 * kMs);
  run.Close();
  const std::vector<Slice> slices = run.Finish().slices;
  ASSERT_EQ(slices.size(), 4u);
  EXPECT_EQ(slices[0].start_ns, 2 * kMs);
  EXPECT_EQ(slices[3].start_ns, 1502 * kMs);
  EXPECT_TRUE(slices[2].is_complete);
  EXPECT_TRUE(slices[3].is_complete);  // the last response ends after it
  for (const Slice& slice : slices) {
    EXPECT_EQ(FindBlock(slice.blocks, "request_count")->value, 10);
    EXPECT_DOUBLE_EQ(FindBlock(slice.blocks, "request_throughput")->value, 20);
  }
}

TEST(ResultBuilderPromptsTest, ACacheThatThePlanDoesNotExplainIsAReason) {
  TestRun run;
  for (v1::Record& record : run.records) {
    record.mutable_usage()->set_prompt_tokens(100);
    record.mutable_usage()->set_cached_prompt_tokens(96);
  }
  run.Close();
  const RunResult result = run.Finish();
  EXPECT_EQ(result.profiling.prompts.distinct, TestRun::kRequests);
  ASSERT_EQ(result.verdict.reasons.size(), 1u);
  EXPECT_EQ(result.verdict.reasons[0].check, "unplanned_cached_share");
}

TEST(ResultBuilderPromptsTest, RepeatsThatWereAskedForAreNone) {
  TestRun run;
  run.facts.plan.mutable_dataset()->set_entries(1);
  for (v1::Record& record : run.records) {
    record.mutable_usage()->set_prompt_tokens(100);
    record.mutable_usage()->set_cached_prompt_tokens(96);
  }
  run.Close();
  const RunResult result = run.Finish();
  EXPECT_EQ(result.profiling.prompts.distinct, 1u);
  EXPECT_EQ(result.verdict.status, VerdictStatus::kValid);
}

}  // namespace
}  // namespace drumfire
