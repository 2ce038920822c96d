// Are numbers taken as people write them, and nothing else as a number?
#include "coordinator/cli/numbers.h"

#include <gtest/gtest.h>

#include "common/clock/clock.h"

namespace drumfire {
namespace {

TEST(ParseRealTest, RefusesWhatIsNoPlainNumber) {
  for (const char* text : {"", " 1", "1 ", "nan", "inf", "-inf", "0x10", "1e999", "1..2", "1,5",
                           "e", "-", "1e", "١"}) {
    EXPECT_FALSE(ParseReal(text).has_value()) << text;
  }
  EXPECT_EQ(ParseReal(".5"), 0.5);
  EXPECT_EQ(ParseReal("-1e3"), -1000);
}

TEST(ParseWholeTest, RefusesFractionsNegativesAndOverflow) {
  for (const char* text :
       {"", "-1", "1.5", "1e-3", "18446744073709551616", "1e300", "+-1", "nan"}) {
    EXPECT_FALSE(ParseWhole(text).has_value()) << text;
  }
  EXPECT_EQ(ParseWhole("18446744073709551615"), UINT64_MAX);
  EXPECT_EQ(ParseWhole("1e3"), 1000U);
  EXPECT_EQ(ParseWhole("2.0"), 2U);
  EXPECT_EQ(ParseWhole("007"), 7U);
}

TEST(ParseTimeTest, KnowsUnitsAndRefusesOthers) {
  for (const char* text : {"", "s", "-1", "1 s", "1d", "1min", "1e30", "1sm", "nans"}) {
    EXPECT_FALSE(ParseTimeNs(text, kNsPerSecond).has_value()) << text;
  }
  EXPECT_EQ(ParseTimeNs("1.5", kNsPerSecond), 1'500'000'000);
  EXPECT_EQ(ParseTimeNs("1.5", kNsPerMs), 1'500'000);
  EXPECT_EQ(ParseTimeNs("20ms", kNsPerSecond), 20'000'000);
  EXPECT_EQ(ParseTimeNs("7us", kNsPerSecond), 7'000);
  EXPECT_EQ(ParseTimeNs("3ns", kNsPerSecond), 3);
  EXPECT_EQ(ParseTimeNs("2m", kNsPerSecond), 120 * kNsPerSecond);
  EXPECT_EQ(ParseTimeNs("1h", kNsPerMs), 3600 * kNsPerSecond);
}

TEST(ParseBytesTest, KnowsUnitsAndRefusesOverflow) {
  for (const char* text : {"", "K", "-1K", "1.5K", "1T", "18446744073709551615K"}) {
    EXPECT_FALSE(ParseBytes(text).has_value()) << text;
  }
  EXPECT_EQ(ParseBytes("64M"), uint64_t{64} << 20);
  EXPECT_EQ(ParseBytes("100"), 100U);
}

}  // namespace
}  // namespace drumfire
