// Does the reservoir stay bounded, start anew after a Take, and give late values their chance?
#include "worker/engine/read_delays.h"

#include "gtest/gtest.h"

namespace drumfire {
namespace {

TEST(ReadDelays, KeepsAllBelowItsCapacity) {
  ReadDelays delays(4);
  for (int64_t ns : {3, 1, 2}) delays.Add(ns);
  EXPECT_EQ(delays.Take(), (std::vector<int64_t>{3, 1, 2}));
  EXPECT_TRUE(delays.Take().empty());
}

TEST(ReadDelays, StaysBoundedAndFair) {
  ReadDelays delays(1000);
  for (int64_t i = 0; i < 100'000; ++i) delays.Add(i);
  const std::vector<int64_t> sample = delays.Take();
  ASSERT_EQ(sample.size(), 1000u);
  int late = 0;
  for (int64_t value : sample) late += value >= 50'000 ? 1 : 0;
  // Binomial(1000, 1/2): 7 standard deviations.
  EXPECT_NEAR(late, 500, 110);
}

}  // namespace
}  // namespace drumfire
