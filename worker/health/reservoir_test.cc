// Is the sample bounded, and does it represent the whole stream?
#include "worker/health/reservoir.h"

#include <gtest/gtest.h>

namespace drumfire {
namespace {

TEST(ReservoirTest, HasNoQuantileWithoutValues) {
  Reservoir reservoir;
  EXPECT_EQ(reservoir.Quantile(0.5), -1);
  reservoir.Add(7);
  reservoir.Clear();
  EXPECT_EQ(reservoir.Quantile(0.5), -1);
  EXPECT_EQ(reservoir.count(), 0u);
}

TEST(ReservoirTest, IsExactWhileAllValuesFit) {
  Reservoir reservoir(100);
  for (int64_t value = 100; value >= 1; --value) reservoir.Add(value);
  EXPECT_EQ(reservoir.Quantile(0), 1);
  EXPECT_EQ(reservoir.Quantile(0.5), 50);
  EXPECT_EQ(reservoir.Quantile(0.99), 99);
  EXPECT_EQ(reservoir.Quantile(1), 100);
}

TEST(ReservoirTest, StandsForALongStream) {
  Reservoir reservoir(1000);
  constexpr int64_t kValues = 200'000;
  for (int64_t value = 0; value < kValues; ++value) reservoir.Add(value);
  EXPECT_EQ(reservoir.count(), static_cast<uint64_t>(kValues));
  EXPECT_NEAR(static_cast<double>(reservoir.Quantile(0.5)), kValues * 0.5, kValues * 0.08);
  EXPECT_NEAR(static_cast<double>(reservoir.Quantile(0.99)), kValues * 0.99, kValues * 0.02);
}

}  // namespace
}  // namespace drumfire
