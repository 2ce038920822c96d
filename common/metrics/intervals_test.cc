// Do the workers' interval histograms, merged, prove or disprove the histograms made from records?
#include "common/metrics/intervals.h"

#include "common/histogram/codec.h"
#include "common/metrics/test_records.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using test_records::Streamed;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

v1::IntervalHistograms Interval(uint64_t first_k, uint64_t count) {
  MetricSummary summary{MetricContext()};
  for (uint64_t k = first_k; k < first_k + count; ++k)
    summary.Add(Streamed(k, static_cast<int64_t>(10 * k)));
  v1::IntervalHistograms message;
  AppendHistograms(summary, &message);
  return message;
}

TEST(IntervalsTest, RefusesBytesThatAreNoHistogramOfOurs) {
  v1::IntervalHistograms message = Interval(0, 3);
  IntervalMerger merger;
  message.mutable_histograms(1)->set_v2_compressed("nonsense");
  EXPECT_THAT(std::string(merger.Merge(message).message()),
              HasSubstr(message.histograms(1).metric()));
  message.mutable_histograms(1)->set_v2_compressed(
      EncodeHistogramV2Compressed(Histogram(*HistogramShape::Create(1, 1000, 2))));
  EXPECT_THAT(std::string(merger.Merge(message).message()), HasSubstr("another shape"));
  EXPECT_EQ(merger.intervals(), 0);
  EXPECT_THAT(merger.Differences(MetricSummary{MetricContext()}), IsEmpty());
}

TEST(IntervalsTest, MissingIntervalIsADifference) {
  IntervalMerger merger;
  ASSERT_TRUE(merger.Merge(Interval(0, 3)).ok());
  MetricSummary from_records{MetricContext()};
  for (uint64_t k = 0; k < 4; ++k) from_records.Add(Streamed(k, static_cast<int64_t>(10 * k)));
  EXPECT_THAT(merger.Differences(from_records), Contains("request_latency"));
}

TEST(IntervalsTest, MergedIntervalsOfTwoWorkersEqualTheRecords) {
  IntervalMerger merger;
  ASSERT_TRUE(merger.Merge(Interval(4, 3)).ok());
  ASSERT_TRUE(merger.Merge(Interval(0, 4)).ok());
  MetricSummary from_records{MetricContext()};
  for (uint64_t k = 0; k < 7; ++k) from_records.Add(Streamed(k, static_cast<int64_t>(10 * k)));
  EXPECT_THAT(merger.Differences(from_records), IsEmpty());
  EXPECT_EQ(merger.intervals(), 2);
}

}  // namespace
}  // namespace drumfire
