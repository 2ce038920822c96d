// Are the draws those of Philox, independent of each other, and of the distributions they claim?
#include "common/random/random.h"

#include <cmath>
#include <set>
#include <string>

#include "common/random/random_id.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

constexpr RandomStream kStream = RandomStream::kArrivals;

TEST(Random, SameKeySameBits) {
  Random a(1, kStream, 5), b(1, kStream, 5);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(a.Bits(), b.Bits());
}

TEST(Random, SeedStreamAndIndexAllMatter) {
  std::set<uint64_t> first;
  first.insert(Random(1, kStream, 5).Bits());
  first.insert(Random(2, kStream, 5).Bits());
  first.insert(Random(1, RandomStream::kModel, 5).Bits());
  first.insert(Random(1, kStream, 6).Bits());
  EXPECT_EQ(first.size(), 4u);
}

TEST(Random, BelowStaysBelow) {
  for (uint64_t i = 0; i < 1000; ++i) EXPECT_LT(Random(9, kStream, i).Below(7), 7u);
}

struct DrawMoments {
  double mean = 0, variance = 0;
};

template <typename Draw>
DrawMoments Measure(Draw draw) {
  constexpr int kDraws = 200'000;
  double sum = 0, squares = 0;
  for (int i = 0; i < kDraws; ++i) {
    Random random(42, kStream, static_cast<uint64_t>(i));
    const double x = draw(random);
    sum += x;
    squares += x * x;
  }
  const double mean = sum / kDraws;
  return {mean, squares / kDraws - mean * mean};
}

TEST(Random, MomentsFitTheDistributions) {
  const DrawMoments uniform = Measure([](Random& r) { return r.Uniform(); });
  EXPECT_NEAR(uniform.mean, 0.5, 0.005);
  EXPECT_NEAR(uniform.variance, 1.0 / 12, 0.002);
  const DrawMoments exponential = Measure([](Random& r) { return r.Exponential(); });
  EXPECT_NEAR(exponential.mean, 1, 0.02);
  EXPECT_NEAR(exponential.variance, 1, 0.05);
  const DrawMoments normal = Measure([](Random& r) { return r.Normal(); });
  EXPECT_NEAR(normal.mean, 0, 0.02);
  EXPECT_NEAR(normal.variance, 1, 0.03);
  for (double shape : {0.3, 1.0, 4.0}) {
    const DrawMoments gamma = Measure([shape](Random& r) { return r.Gamma(shape); });
    EXPECT_NEAR(gamma.mean, 1, 0.03) << shape;
    EXPECT_NEAR(gamma.variance, 1 / shape, 0.12 / shape) << shape;
  }
}

TEST(RandomIdTest, AreSixteenBytesAndDiffer) {
  std::set<std::string> ids;
  for (int i = 0; i < 100; ++i) {
    const std::string id = RandomId();
    EXPECT_EQ(id.size(), 16u);
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 100u);
}

}  // namespace
}  // namespace drumfire
