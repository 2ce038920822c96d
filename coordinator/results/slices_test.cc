// Do slices stay right when there are more of them than are kept open, and bounded whatever comes?
#include "coordinator/results/slices.h"

#include "common/metrics/test_records.h"
#include "coordinator/results/summary_codec.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using test_records::kMs;
using test_records::Streamed;

double CountIn(const Slice& slice) { return FindBlock(slice.blocks, "request_count")->value; }

TEST(SlicesTest, NothingSentGivesNoSlices) {
  Slices slices(MetricContext(), kMs);
  v1::Record dropped;
  dropped.set_outcome(v1::OUTCOME_DROPPED);
  slices.Add(dropped);
  EXPECT_TRUE(slices.Finish(0).empty());
}

TEST(SlicesTest, RecordsPastTheLastSliceAreCounted) {
  Slices slices(MetricContext(), kMs);
  slices.Add(Streamed(0, 0));
  slices.Add(Streamed(1, Slices::kMaxSlices));
  EXPECT_EQ(slices.left_out(), 1u);
  EXPECT_EQ(slices.Finish(100 * kMs).size(), 1u);
}

TEST(SlicesTest, EmptySlicesAreLeftOut) {
  Slices slices(MetricContext(), 100 * kMs);
  slices.Add(Streamed(0, 0));
  slices.Add(Streamed(1, 550));
  const std::vector<Slice> finished = slices.Finish(10'000 * kMs);
  ASSERT_EQ(finished.size(), 2u);
  EXPECT_EQ(finished[1].start_ns, 500 * kMs);
}

TEST(SlicesTest, FirstSendIsFoundThoughItsRecordComesLate) {
  Slices slices(MetricContext(), 100 * kMs);
  slices.Add(Streamed(1, 90));
  slices.Add(Streamed(0, 20));
  const std::vector<Slice> finished = slices.Finish(10'000 * kMs);
  ASSERT_EQ(finished.size(), 1u);
  EXPECT_EQ(finished[0].start_ns, 20 * kMs);
  EXPECT_EQ(CountIn(finished[0]), 2);
}

TEST(SlicesTest, SlicesPutAwayAreTakenUpAgain) {
  constexpr int kSlices = static_cast<int>(Slices::kOpenSlices) + 20;
  Slices slices(MetricContext(), 100 * kMs);
  uint64_t k = 0;
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < kSlices; ++i) slices.Add(Streamed(k++, 100 * i));
  }
  const std::vector<Slice> finished = slices.Finish(1'000'000 * kMs);
  ASSERT_EQ(finished.size(), static_cast<size_t>(kSlices));
  for (const Slice& slice : finished) {
    EXPECT_EQ(CountIn(slice), 2);
    EXPECT_DOUBLE_EQ(FindBlock(slice.blocks, "request_latency")->stats.sum, 180);
  }
}

TEST(SummaryCodecTest, ComesBackAsItWas) {
  MetricSummary summary{MetricContext()};
  for (uint64_t k = 0; k < 20; ++k) summary.Add(Streamed(k, static_cast<int64_t>(7 * k)));
  MetricSummary restored = DeserializeSummary(SerializeSummary(summary), MetricContext());
  restored.Add(Streamed(20, 140));
  summary.Add(Streamed(20, 140));
  EXPECT_EQ(restored.totals().completed, summary.totals().completed);
  for (size_t i = 0; i < summary.entries().size(); ++i) {
    EXPECT_EQ(restored.entries()[i].distribution.histogram(),
              summary.entries()[i].distribution.histogram());
    EXPECT_EQ(restored.entries()[i].distribution.Deviation(),
              summary.entries()[i].distribution.Deviation());
  }
}

}  // namespace
}  // namespace drumfire
