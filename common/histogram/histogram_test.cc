// Do histograms keep every value within the stated precision, in any merge order, with the Java
// library's percentiles?
#include "common/histogram/histogram.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using ::testing::HasSubstr;

HistogramShape Shape(int64_t lowest, int64_t highest, int digits) {
  return *HistogramShape::Create(lowest, highest, digits);
}

std::vector<int64_t> RandomValues(std::mt19937_64* random, size_t count) {
  std::lognormal_distribution<double> latency_ns(17, 3);
  std::vector<int64_t> values(count);
  for (int64_t& value : values) value = static_cast<int64_t>(latency_ns(*random));
  return values;
}

TEST(ShapeTest, RefusesRangesThatCannotBe) {
  EXPECT_THAT(HistogramShape::Create(0, 100, 3).status().message(), HasSubstr("lowest value 0"));
  EXPECT_THAT(HistogramShape::Create(1, 1, 3).status().message(), HasSubstr("highest value 1"));
  EXPECT_THAT(HistogramShape::Create(1, 100, 6).status().message(),
              HasSubstr("6 significant digits"));
  EXPECT_THAT(HistogramShape::Create(1, 100, -1).status().message(),
              HasSubstr("-1 significant digits"));
  EXPECT_FALSE(HistogramShape::Create(int64_t{1} << 60, INT64_MAX, 3).ok());
}

TEST(HistogramTest, MergeRefusesAnotherShapeAndNamesBoth) {
  Histogram histogram(Shape(1, 1000, 3));
  histogram.Record(5);
  const absl::Status merged = histogram.Merge(Histogram(Shape(1, 2000, 2)));
  EXPECT_THAT(merged.message(), HasSubstr("1..2000, 2 digits"));
  EXPECT_THAT(merged.message(), HasSubstr("1..1000, 3 digits"));
  EXPECT_EQ(histogram.total_count(), 1);
}

TEST(HistogramTest, MergeRefusesCountsThatOverflow) {
  Histogram a, b;
  a.RecordMany(1, INT64_MAX);
  b.Record(2);
  EXPECT_FALSE(a.Merge(b).ok());
  EXPECT_EQ(a.total_count(), INT64_MAX);
}

TEST(HistogramTest, CountsValuesOutsideTheRangeApartAndKeepsThem) {
  Histogram histogram(Shape(1, 1000, 3));
  histogram.Record(5000);
  histogram.RecordMany(-3, 2);
  EXPECT_EQ(histogram.total_count(), 3);
  EXPECT_EQ(histogram.over_range_count(), 1);
  EXPECT_EQ(histogram.under_range_count(), 2);
  EXPECT_EQ(histogram.ValueAtPercentile(100), 1000);
  EXPECT_EQ(histogram.ValueAtPercentile(50), 0);
}

TEST(HistogramTest, IsZeroWithoutValues) {
  const Histogram histogram;
  EXPECT_EQ(histogram.ValueAtPercentile(50), 0);
  EXPECT_EQ(histogram.UsedCounters(), 0u);
}

TEST(HistogramTest, EveryCounterHoldsItsOwnBounds) {
  for (const HistogramShape& shape :
       {HistogramShape(), Shape(1, 3'600'000'000, 2), Shape(1000, 1'000'000, 4), Shape(1, 100, 0),
        Shape(1, INT64_MAX, 5)}) {
    SCOPED_TRACE(shape.ToString());
    const size_t step = std::max<size_t>(shape.counters() / 5000, 1);
    for (size_t i = 0; i < shape.counters(); i += step) {
      EXPECT_EQ(shape.IndexOf(shape.LowestEquivalent(i)), i);
      EXPECT_EQ(shape.IndexOf(shape.HighestEquivalent(i)), i);
    }
    EXPECT_LT(shape.IndexOf(shape.highest()), shape.counters());
  }
}

TEST(HistogramTest, KeepsThreeDigits) {
  const HistogramShape shape;
  for (int64_t value = 1; value < shape.highest() / 3; value = value * 3 + 1) {
    const size_t index = shape.IndexOf(value);
    const int64_t width = shape.HighestEquivalent(index) - shape.LowestEquivalent(index) + 1;
    EXPECT_LE(width * 1000, std::max<int64_t>(value, 1000)) << value;
  }
}

TEST(HistogramTest, GivesHighestEquivalentValues) {
  Histogram histogram;
  for (int64_t i = 1; i <= 100; ++i) histogram.Record(i * 1'000'000);
  const HistogramShape& shape = histogram.shape();
  for (const int percentile : {1, 25, 50, 90, 99, 100}) {
    const size_t index = shape.IndexOf(percentile * 1'000'000);
    EXPECT_EQ(histogram.ValueAtPercentile(percentile), shape.HighestEquivalent(index))
        << percentile;
  }
  EXPECT_EQ(histogram.ValueAtPercentile(0), shape.LowestEquivalent(shape.IndexOf(1'000'000)));
}

TEST(HistogramTest, GivesSeveralPercentilesInOnePass) {
  std::mt19937_64 random(3);
  Histogram histogram;
  for (const int64_t value : RandomValues(&random, 2000)) histogram.Record(value);
  const std::vector<double> percentiles = {0, 1, 50, 50, 99.9, 100};
  std::vector<int64_t> values;
  histogram.ValuesAtPercentiles(percentiles, &values);
  for (size_t i = 0; i < percentiles.size(); ++i) {
    EXPECT_EQ(values[i], histogram.ValueAtPercentile(percentiles[i]));
  }
}

// Splits one set of values over `parts` histograms and merges them in random order and grouping.
Histogram MergeAtRandom(const std::vector<int64_t>& values, std::mt19937_64* random) {
  std::vector<Histogram> parts(1 + (*random)() % 9);
  for (const int64_t value : values) parts[(*random)() % parts.size()].Record(value);
  while (parts.size() > 1) {
    std::shuffle(parts.begin(), parts.end(), *random);
    EXPECT_TRUE(parts[parts.size() - 2].Merge(parts.back()).ok());
    parts.pop_back();
  }
  return parts[0];
}

TEST(HistogramTest, MergeInAnyOrderAndGroupingIsTheSame) {
  for (uint32_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    std::mt19937_64 random(seed);
    const std::vector<int64_t> values = RandomValues(&random, 500);
    Histogram whole;
    for (const int64_t value : values) whole.Record(value);
    const Histogram merged = MergeAtRandom(values, &random);
    EXPECT_TRUE(merged == whole);
    EXPECT_EQ(merged.ValueAtPercentile(99), whole.ValueAtPercentile(99));
  }
}

TEST(HistogramTest, ComparesCountsNotMemory) {
  Histogram a, b;
  a.Record(1);
  a.Clear();
  EXPECT_TRUE(a == b);
  a.Record(70'000);
  b.Record(1);
  EXPECT_TRUE(a != b);
  EXPECT_TRUE(a != Histogram(Shape(1, 1000, 3)));
}

TEST(HistogramTest, CopiesAreTheirOwn) {
  Histogram a;
  a.Record(7);
  Histogram b = a;
  b.Record(7);
  EXPECT_EQ(a.CountAt(7), 1);
  EXPECT_EQ(b.CountAt(7), 2);
  a = b;
  EXPECT_TRUE(a == b);
}

}  // namespace
}  // namespace drumfire
