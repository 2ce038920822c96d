// Is the metric table sound, and does it keep the names that other tools read?
#include "common/metrics/metric.h"

#include <set>
#include <string>

#include "gtest/gtest.h"

namespace drumfire {
namespace {

TEST(MetricTableTest, UnknownTagIsNull) { EXPECT_EQ(FindMetric("ttft"), nullptr); }

TEST(MetricTableTest, TagsAndNamesAreUnique) {
  std::set<std::string> tags, names;
  for (const Metric& metric : AllMetrics()) {
    EXPECT_TRUE(tags.insert(std::string(metric.tag)).second) << metric.tag;
    EXPECT_TRUE(names.insert(std::string(metric.name)).second) << metric.name;
  }
}

TEST(MetricTableTest, EveryRowHasTheFunctionOfItsKind) {
  for (const Metric& metric : AllMetrics()) {
    EXPECT_EQ(metric.of_record != nullptr, metric.kind == MetricKind::kRecord) << metric.tag;
    EXPECT_EQ(metric.of_run == nullptr, IsDistribution(metric)) << metric.tag;
    EXPECT_FALSE(metric.formula.empty()) << metric.tag;
    EXPECT_FALSE(metric.unit.empty()) << metric.tag;
  }
}

TEST(MetricTableTest, ClassicTagsStandFirstInTheirOrder) {
  const char* const kExpected[] = {"request_throughput",
                                   "request_latency",
                                   "request_count",
                                   "time_to_first_token",
                                   "time_to_second_token",
                                   "inter_token_latency",
                                   "output_token_throughput",
                                   "output_token_throughput_per_user",
                                   "output_sequence_length",
                                   "input_sequence_length",
                                   "goodput",
                                   "good_request_count",
                                   "output_token_count",
                                   "reasoning_token_count",
                                   "inter_chunk_latency",
                                   "total_output_tokens",
                                   "total_reasoning_tokens",
                                   "benchmark_duration",
                                   "total_isl",
                                   "total_osl",
                                   "error_request_count",
                                   "error_isl",
                                   "total_error_isl"};
  size_t i = 0;
  for (const char* tag : kExpected) {
    EXPECT_EQ(AllMetrics()[i].tag, tag);
    EXPECT_TRUE(AllMetrics()[i++].headline);
  }
  for (; i < AllMetrics().size(); ++i)
    EXPECT_FALSE(AllMetrics()[i].headline) << AllMetrics()[i].tag;
}

TEST(MetricTableTest, ScalesGoThereAndBack) {
  for (const Metric& metric : AllMetrics()) {
    if (!IsDistribution(metric)) continue;
    const double shown = 12.5;
    const double base = metric.scale.FromDisplay(shown);
    const auto integer = static_cast<double>(metric.scale.ToInteger(base));
    EXPECT_NEAR(metric.scale.IntegerToDisplay(integer), shown, HasWholeValues(metric) ? 0.5 : 0.001)
        << metric.tag;
  }
}

}  // namespace
}  // namespace drumfire
