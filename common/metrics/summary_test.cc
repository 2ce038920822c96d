// Does a summary hold AIPerf's formulas, count every outcome where it belongs, and merge exactly?
#include "common/metrics/summary.h"

#include <random>

#include "absl/strings/str_cat.h"
#include "common/metrics/run_values.h"
#include "common/metrics/test_records.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using test_records::Failed;
using test_records::kMs;
using test_records::Streamed;

double AverageOf(const MetricSummary& summary, absl::string_view tag) {
  const Distribution* distribution = summary.Find(tag);
  if (distribution == nullptr) {
    ADD_FAILURE() << "no " << tag;
    return 0;
  }
  return distribution->Stats(FindMetric(tag)->scale).avg;
}

int64_t CountOf(const MetricSummary& summary, absl::string_view tag) {
  return summary.Find(tag)->count();
}

TEST(SummaryTest, FailedRequestsGiveNoLatencies) {
  MetricSummary summary{MetricContext()};
  summary.Add(Failed(0, 10, 500, "Internal Server Error", "boom"));
  EXPECT_EQ(summary.totals().failed, 1);
  EXPECT_EQ(summary.totals().error_isl, 100);
  for (const char* tag :
       {"request_latency", "time_to_first_token", "effective_latency", "input_sequence_length"}) {
    EXPECT_EQ(CountOf(summary, tag), 0) << tag;
  }
  EXPECT_EQ(CountOf(summary, "error_isl"), 1);
  EXPECT_EQ(CountOf(summary, "schedule_delay"), 1);
  EXPECT_TRUE(std::isnan(run_values::BenchmarkDuration(summary.totals())));
}

TEST(SummaryTest, DroppedRequestsCountOnlyAsDropped) {
  v1::Record record;
  record.set_outcome(v1::OUTCOME_DROPPED);
  record.set_sent_ns(-1);
  record.set_isl(100);
  MetricSummary summary{MetricContext()};
  summary.Add(record);
  EXPECT_EQ(summary.totals().dropped, 1);
  EXPECT_EQ(summary.totals().errors(), 0);
  for (const MetricSummary::Entry& entry : summary.entries()) {
    EXPECT_EQ(entry.distribution.count(), 0) << entry.metric->tag;
  }
}

TEST(SummaryTest, UnknownTokensGiveNoTokenMetrics) {
  v1::Record record = Streamed(0, 10);
  record.set_tokens_known(false);
  record.clear_output_tokens();
  MetricSummary summary{MetricContext()};
  summary.Add(record);
  for (const char* tag : {"output_sequence_length", "inter_token_latency",
                          "e2e_output_token_throughput", "osl_mismatch_diff_pct"}) {
    EXPECT_EQ(CountOf(summary, tag), 0) << tag;
  }
  EXPECT_EQ(CountOf(summary, "time_to_first_token"), 1);
  EXPECT_TRUE(std::isnan(run_values::OutputTokenThroughput(summary.totals())));
}

TEST(SummaryTest, OneTokenHasNoInterTokenLatency) {
  v1::Record record = Streamed(0, 10);
  record.set_output_tokens(1);
  record.clear_gaps_ns();
  MetricSummary summary{MetricContext()};
  summary.Add(record);
  EXPECT_EQ(CountOf(summary, "inter_token_latency"), 0);
  EXPECT_EQ(CountOf(summary, "output_token_throughput_per_user"), 0);
  EXPECT_EQ(CountOf(summary, "time_to_second_token"), 0);
  EXPECT_EQ(CountOf(summary, "output_sequence_length"), 1);
}

TEST(SummaryTest, ClosedLoopHasNothingFromIntended) {
  v1::Record record = Streamed(0, 10);
  record.set_intended_ns(-1);
  MetricSummary summary{MetricContext()};
  summary.Add(record);
  for (const char* tag : {"schedule_delay", "slot_wait", "request_latency_from_intended"}) {
    EXPECT_EQ(CountOf(summary, tag), 0) << tag;
  }
  EXPECT_DOUBLE_EQ(AverageOf(summary, "credit_to_start_latency"), 1);
}

TEST(SummaryTest, StreamedRequestFollowsTheFormulas) {
  MetricSummary summary{MetricContext()};
  v1::Record record = Streamed(0, 10);
  record.set_output_tokens(3);
  record.set_reasoning_tokens(2);
  summary.Add(record);
  EXPECT_DOUBLE_EQ(AverageOf(summary, "request_latency"), 90);
  EXPECT_DOUBLE_EQ(AverageOf(summary, "time_to_first_token"), 50);
  EXPECT_DOUBLE_EQ(AverageOf(summary, "time_to_second_token"), 10);
  EXPECT_DOUBLE_EQ(AverageOf(summary, "decode_duration"), 40);
  EXPECT_DOUBLE_EQ(AverageOf(summary, "inter_token_latency"), 10);
  EXPECT_EQ(CountOf(summary, "inter_chunk_latency"), 4);
  EXPECT_DOUBLE_EQ(AverageOf(summary, "output_token_throughput_per_user"), 100);
  EXPECT_NEAR(AverageOf(summary, "e2e_output_token_throughput"), 5 / 0.090, 1e-5);
  EXPECT_NEAR(AverageOf(summary, "prefill_throughput_per_user"), 2000, 1e-5);
  EXPECT_DOUBLE_EQ(AverageOf(summary, "output_sequence_length"), 5);
  EXPECT_DOUBLE_EQ(AverageOf(summary, "osl_mismatch_diff_pct"), 0);
  EXPECT_DOUBLE_EQ(AverageOf(summary, "effective_latency"), 92);
  EXPECT_DOUBLE_EQ(AverageOf(summary, "schedule_delay"), 2);
  EXPECT_DOUBLE_EQ(AverageOf(summary, "slot_wait"), 1);
  EXPECT_DOUBLE_EQ(AverageOf(summary, "request_latency_from_intended"), 92);
  EXPECT_DOUBLE_EQ(AverageOf(summary, "time_to_first_token_from_intended"), 52);
  EXPECT_DOUBLE_EQ(AverageOf(summary, "http_req_data_received"), 2);
  EXPECT_DOUBLE_EQ(AverageOf(summary, "http_req_duration"), 91);
  EXPECT_EQ(CountOf(summary, "connect_time"), 0);
}

// A server that answers before it has the whole request; AIPerf's http_req_waiting is the time from
// the end of the send to the first body byte, and there is none.
TEST(SummaryTest, NoDurationIsNegativeWhenTheResponseBeginsBeforeTheRequestIsOut) {
  v1::Record record = Streamed(0, 10);
  record.set_sent_end_ns(record.first_event_ns() + 30 * test_records::kMs);
  MetricSummary summary{MetricContext()};
  summary.Add(record);
  EXPECT_EQ(CountOf(summary, "http_req_waiting"), 1);
  EXPECT_DOUBLE_EQ(AverageOf(summary, "http_req_waiting"), 0);
  EXPECT_DOUBLE_EQ(AverageOf(summary, "http_req_sending"), 79);
  EXPECT_DOUBLE_EQ(AverageOf(summary, "http_req_receiving"), 42);
  for (const Metric& metric : AllMetrics()) {
    const bool is_duration = metric.unit == "ms" && metric.of_record != nullptr;
    if (is_duration) {
      EXPECT_FALSE(metric.of_record(RecordView(record)) < 0) << metric.tag;
    }
  }
}

// Its end was not seen, so its duration is unknown.
TEST(SummaryTest, ARequestThatWasNotSentWholeHasNoWait) {
  v1::Record record = Streamed(0, 10);
  record.set_sent_end_ns(-1);
  MetricSummary summary{MetricContext()};
  summary.Add(record);
  EXPECT_EQ(CountOf(summary, "http_req_waiting"), 0);
}

TEST(SummaryTest, UnstreamedRequestEndsWithItsBodyAndHasNoTtft) {
  v1::Plan plan;
  plan.mutable_endpoint()->set_type(v1::ENDPOINT_COMPLETIONS);
  MetricSummary summary(MetricContextOf(plan));
  v1::Record record = Streamed(0, 10);
  record.set_last_token_ns(-1);
  summary.Add(record);
  EXPECT_DOUBLE_EQ(AverageOf(summary, "request_latency"), 91);
  EXPECT_EQ(summary.Find("time_to_first_token"), nullptr);
  EXPECT_NE(summary.Find("output_sequence_length"), nullptr);
}

TEST(SummaryTest, EmbeddingsHaveNoTokenMetrics) {
  v1::Plan plan;
  plan.mutable_endpoint()->set_type(v1::ENDPOINT_EMBEDDINGS);
  plan.mutable_endpoint()->set_streaming(true);
  const MetricSummary summary(MetricContextOf(plan));
  EXPECT_EQ(summary.Find("output_sequence_length"), nullptr);
  EXPECT_EQ(summary.Find("time_to_first_token"), nullptr);
  EXPECT_NE(summary.Find("input_sequence_length"), nullptr);
}

TEST(SummaryTest, CountsOslMismatchesBeyondFivePercentOrFiftyTokens) {
  MetricSummary summary{MetricContext()};
  for (const uint32_t osl : {95u, 94u, 105u, 106u}) {
    v1::Record record = Streamed(0, 10);
    record.set_requested_osl(100);
    record.set_output_tokens(osl);
    summary.Add(record);
  }
  EXPECT_EQ(summary.totals().osl_mismatches, 2);
  EXPECT_DOUBLE_EQ(AverageOf(summary, "osl_mismatch_diff_pct"), 0);
}

TEST(SummaryTest, ComparesUsageWithOwnCountsOnlyWhenTheyAreOurs) {
  v1::Record record = Streamed(0, 10);
  record.mutable_usage()->set_prompt_tokens(111);
  record.mutable_usage()->set_completion_tokens(5);
  MetricSummary own{MetricContext()};
  own.Add(record);
  EXPECT_EQ(own.totals().usage_discrepancies, 1);
  EXPECT_NEAR(AverageOf(own, "usage_prompt_tokens_diff_pct"), 11, 1e-9);
  record.set_tokens_from_usage(true);
  MetricSummary servers{MetricContext()};
  servers.Add(record);
  EXPECT_EQ(servers.totals().usage_discrepancies, 0);
  EXPECT_EQ(CountOf(servers, "usage_prompt_tokens_diff_pct"), 0);
}

TEST(SummaryTest, ACountThatTheServerDidNotSendIsNoZero) {
  v1::Record record = Streamed(0, 10);
  record.mutable_usage()->set_prompt_tokens(111);
  record.set_usage_malformed(true);
  MetricSummary summary{MetricContext()};
  summary.Add(record);
  for (const char* tag :
       {"usage_completion_tokens", "usage_reasoning_tokens", "usage_prompt_cache_read_tokens",
        "usage_total_tokens", "usage_completion_tokens_diff_pct"}) {
    EXPECT_EQ(CountOf(summary, tag), 0) << tag;
  }
  EXPECT_TRUE(std::isnan(run_values::TotalUsageReasoning(summary.totals())));
  EXPECT_TRUE(std::isnan(run_values::OverallCacheReadPercent(summary.totals())));
  EXPECT_EQ(summary.totals().malformed_usage, 1);
}

TEST(SummaryTest, AZeroThatTheServerSentIsACount) {
  v1::Record record = Streamed(0, 10);
  record.mutable_usage()->set_prompt_tokens(100);
  record.mutable_usage()->set_reasoning_tokens(0);
  record.mutable_usage()->set_cached_prompt_tokens(0);
  MetricSummary summary{MetricContext()};
  summary.Add(record);
  EXPECT_EQ(CountOf(summary, "usage_reasoning_tokens"), 1);
  EXPECT_EQ(CountOf(summary, "usage_prompt_cache_read_tokens"), 1);
  EXPECT_DOUBLE_EQ(run_values::TotalUsageCached(summary.totals()), 0);
  EXPECT_DOUBLE_EQ(run_values::OverallCacheReadPercent(summary.totals()), 0);
}

TEST(SummaryTest, RatesDivideByTheWindow) {
  MetricSummary summary{MetricContext()};
  summary.Add(Streamed(0, 0));
  summary.Add(Streamed(1, 500));
  RunTotals totals = summary.totals();
  totals.window_ns = 2000 * kMs;
  EXPECT_DOUBLE_EQ(run_values::RequestThroughput(totals), 1);
  EXPECT_DOUBLE_EQ(run_values::OutputTokenThroughput(totals), 5);
  EXPECT_DOUBLE_EQ(run_values::TotalTokenThroughput(totals), 105);
  EXPECT_DOUBLE_EQ(run_values::BenchmarkDuration(totals), 590 * kMs);
}

TEST(SummaryTest, CountsGoodRequests) {
  MetricContext context;
  context.goodput = {{FindMetric("time_to_first_token"), 50 * kMs}};
  MetricSummary summary(context);
  summary.Add(Streamed(0, 0));
  v1::Record slow = Streamed(1, 0);
  slow.set_first_token_ns(slow.first_token_ns() + 1);
  summary.Add(slow);
  EXPECT_EQ(summary.totals().good, 1);
  EXPECT_DOUBLE_EQ(run_values::GoodRequestFraction(summary.totals()), 0.5);
}

TEST(SummaryTest, MergeEqualsOneSummary) {
  for (uint32_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    std::mt19937 random(seed);
    MetricSummary whole{MetricContext()}, left{MetricContext()}, right{MetricContext()};
    for (uint64_t k = 0; k < 60; ++k) {
      v1::Record record = random() % 4 == 0
                              ? Failed(k, random() % 900, 429, "Too Many Requests", "slow down")
                              : Streamed(k, random() % 900);
      record.set_end_ns(record.end_ns() + random() % kMs);
      whole.Add(record);
      (random() % 2 == 0 ? left : right).Add(record);
    }
    right.Merge(left);
    EXPECT_EQ(right.totals().completed, whole.totals().completed);
    EXPECT_EQ(right.totals().last_content_ns, whole.totals().last_content_ns);
    for (size_t i = 0; i < whole.entries().size(); ++i) {
      EXPECT_EQ(right.entries()[i].distribution.histogram(),
                whole.entries()[i].distribution.histogram());
      EXPECT_EQ(right.entries()[i].distribution.Average(),
                whole.entries()[i].distribution.Average());
    }
  }
}

}  // namespace
}  // namespace drumfire
