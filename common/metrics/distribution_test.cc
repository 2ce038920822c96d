// Are the exact figures of a distribution exact, and its percentiles within its values?
#include "common/metrics/distribution.h"

#include <random>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

TEST(DistributionTest, IsZeroWithoutValues) {
  const DistributionStats stats = Distribution().Stats(Scale());
  EXPECT_EQ(stats.count, 0);
  EXPECT_EQ(stats.avg, 0);
  EXPECT_EQ(stats.std, 0);
  EXPECT_EQ(Distribution().min(), 0);
  EXPECT_EQ(Distribution().max(), 0);
}

TEST(DistributionTest, GivesExactMoments) {
  Distribution distribution;
  for (const int64_t value : {2, 4, 4, 4, 5, 5, 7, 9}) distribution.Add(value);
  const DistributionStats stats = distribution.Stats(Scale());
  EXPECT_EQ(stats.count, 8);
  EXPECT_DOUBLE_EQ(stats.avg, 5);
  EXPECT_DOUBLE_EQ(stats.std, 2);
  EXPECT_DOUBLE_EQ(stats.sum, 40);
  EXPECT_DOUBLE_EQ(stats.min, 2);
  EXPECT_DOUBLE_EQ(stats.max, 9);
}

TEST(DistributionTest, ManyAtOnceAreManyOnes) {
  Distribution at_once;
  Distribution one_by_one;
  for (const int64_t value : {int64_t{0}, int64_t{-3}, int64_t{7}, int64_t{1} << 50}) {
    at_once.AddMany(value, 3);
    for (int i = 0; i < 3; ++i) one_by_one.Add(value);
  }
  EXPECT_EQ(at_once.histogram(), one_by_one.histogram());
  EXPECT_EQ(at_once.moments().sum, one_by_one.moments().sum);
  EXPECT_EQ(at_once.moments().sum_of_squares, one_by_one.moments().sum_of_squares);
  EXPECT_EQ(at_once.min(), -3);
  EXPECT_EQ(at_once.max(), int64_t{1} << 50);
}

TEST(DistributionTest, KeepsPrecisionFarFromZero) {
  Distribution distribution;
  const int64_t hour_ns = int64_t{3600} * 1'000'000'000;
  for (int i = 0; i < 1000; ++i) distribution.Add(hour_ns + (i % 2 == 0 ? 100 : -100));
  EXPECT_NEAR(distribution.Deviation(), 100, 0.1);
}

TEST(DistributionTest, PercentilesStayWithinTheValues) {
  Distribution distribution;
  distribution.Add(123'456'789);
  const DistributionStats stats = distribution.Stats({.display_divisor = 1e6});
  for (const double percentile : stats.percentiles) EXPECT_DOUBLE_EQ(percentile, 123.456789);
}

TEST(DistributionTest, ShownValuesUndoTheOffset) {
  const Scale scale = {.histogram_factor = 10, .histogram_offset = 1000};
  Distribution distribution;
  for (const double percent : {-100.0, 0.0, 25.5}) distribution.Add(scale.ToInteger(percent));
  const DistributionStats stats = distribution.Stats(scale);
  EXPECT_DOUBLE_EQ(stats.min, -100);
  EXPECT_DOUBLE_EQ(stats.max, 25.5);
  EXPECT_NEAR(stats.sum, -74.5, 1e-9);
  EXPECT_DOUBLE_EQ(stats.percentiles[4], 0);
}

TEST(DistributionTest, MergeIsExactInAnyOrder) {
  for (uint32_t seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    std::mt19937_64 random(seed);
    Distribution whole;
    std::vector<Distribution> parts(4);
    for (int i = 0; i < 300; ++i) {
      const auto value = static_cast<int64_t>(random() % 1'000'000'007);
      whole.Add(value);
      parts[random() % parts.size()].Add(value);
    }
    Distribution merged;
    for (const Distribution& part : parts) merged.Merge(part);
    EXPECT_EQ(merged.histogram(), whole.histogram());
    EXPECT_EQ(merged.Average(), whole.Average());
    EXPECT_EQ(merged.Deviation(), whole.Deviation());
    EXPECT_EQ(merged.min(), whole.min());
    EXPECT_EQ(merged.max(), whole.max());
  }
}

TEST(DistributionTest, ClearForgetsEverything) {
  Distribution distribution;
  distribution.Add(5);
  distribution.Clear();
  EXPECT_EQ(distribution.count(), 0);
  distribution.Add(3);
  EXPECT_EQ(distribution.max(), 3);
  EXPECT_DOUBLE_EQ(distribution.Average(), 3);
}

}  // namespace
}  // namespace drumfire
