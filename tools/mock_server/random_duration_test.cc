// Are durations parsed as written, and do samples have the requested moments?
#include "tools/mock_server/random_duration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tools/mock_server/random_streams.h"

namespace drumfire::mock {
namespace {

constexpr int kDraws = 20'000;

struct SampleMoments {
  double mean_ns = 0;
  double stddev_ns = 0;
};

SampleMoments Measure(absl::string_view text) {
  const absl::StatusOr<RandomDuration> distribution = RandomDuration::Parse(text);
  EXPECT_TRUE(distribution.ok()) << text;
  double sum = 0;
  double squares = 0;
  Random random(7, kTtftStream, 0);
  for (int i = 0; i < kDraws; ++i) {
    const auto ns = static_cast<double>(distribution->SampleNs(&random));
    sum += ns;
    squares += ns * ns;
  }
  const double mean = sum / kDraws;
  return {mean, std::sqrt(squares / kDraws - mean * mean)};
}

TEST(Duration, RefusesWhatIsNone) {
  for (const absl::string_view text :
       {"", "5", "ms", "-1ms", "1h", "1 0ms", "nanms", "infs", "1e300s", "5msx", "0x"}) {
    const absl::StatusOr<int64_t> ns = ParseDurationNs(text);
    EXPECT_FALSE(ns.ok()) << text;
  }
}

TEST(Duration, ReadsEveryUnit) {
  EXPECT_EQ(*ParseDurationNs("0"), 0);
  EXPECT_EQ(*ParseDurationNs("7ns"), 7);
  EXPECT_EQ(*ParseDurationNs("20us"), 20'000);
  EXPECT_EQ(*ParseDurationNs("1.5ms"), 1'500'000);
  EXPECT_EQ(*ParseDurationNs("2s"), 2'000'000'000);
}

TEST(RandomDuration, RefusesUnknownNamesAndWrongCounts) {
  for (const absl::string_view text :
       {"gauss:1ms,1ms", "normal:1ms", "exp:1ms,2ms", "uniform:1ms", "lognormal:1ms", "1ms,2ms",
        "uniform:2ms,1ms", "lognormal:0,1ms", "normal:1ms,2ms,3ms", ":", "normal:"}) {
    EXPECT_FALSE(RandomDuration::Parse(text).ok()) << text;
  }
}

TEST(RandomDuration, ErrorNamesTheText) {
  const absl::StatusOr<RandomDuration> distribution = RandomDuration::Parse("normal:50,5ms");
  EXPECT_THAT(std::string(distribution.status().message()), testing::HasSubstr("'50'"));
}

TEST(RandomDuration, ConstantDrawsNothing) {
  Random used(1, kTtftStream, 0);
  Random fresh(1, kTtftStream, 0);
  EXPECT_EQ(RandomDuration::Parse("50ms")->SampleNs(&used), 50'000'000);
  EXPECT_EQ(used.Bits(), fresh.Bits());
}

TEST(RandomDuration, HasTheMomentsAskedFor) {
  struct Case {
    absl::string_view text;
    double mean_ms;
    double stddev_ms;
  };
  const Case cases[] = {{"normal:50ms,5ms", 50, 5},
                        {"uniform:10ms,30ms", 20, 20 / std::sqrt(12.0)},
                        {"exp:10ms", 10, 10},
                        {"lognormal:50ms,20ms", 50, 20}};
  for (const Case& expected : cases) {
    const SampleMoments found = Measure(expected.text);
    EXPECT_NEAR(found.mean_ns / 1e6, expected.mean_ms, expected.mean_ms * 0.03) << expected.text;
    EXPECT_NEAR(found.stddev_ns / 1e6, expected.stddev_ms, expected.stddev_ms * 0.06)
        << expected.text;
  }
}

TEST(RandomDuration, IsNeverNegative) {
  const absl::StatusOr<RandomDuration> distribution = RandomDuration::Parse("normal:1ms,100ms");
  Random random(3, kTtftStream, 0);
  for (int i = 0; i < 1000; ++i) EXPECT_GE(distribution->SampleNs(&random), 0);
}

}  // namespace
}  // namespace drumfire::mock
