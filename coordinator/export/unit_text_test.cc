// Are numbers short, and right where the unit or the digits change?
#include "coordinator/export/unit_text.h"

#include <limits>

#include "gtest/gtest.h"

namespace drumfire {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

TEST(UnitTextTest, WhatHasNoValueIsADash) {
  EXPECT_EQ(ShortNumber(kNone), "-");
  EXPECT_EQ(TimeText(kNone), "-");
  EXPECT_EQ(CountText(kNone), "-");
}

TEST(UnitTextTest, KeepsThreeDigits) {
  EXPECT_EQ(ShortNumber(0), "0");
  EXPECT_EQ(ShortNumber(0.456), "0.46");
  EXPECT_EQ(ShortNumber(9.994), "9.99");
  EXPECT_EQ(ShortNumber(9.996), "10.0");
  EXPECT_EQ(ShortNumber(99.96), "100");
  EXPECT_EQ(ShortNumber(-1234567), "-1,234,567");
}

TEST(UnitTextTest, TimesTakeTheUnitThatKeepsThemShort) {
  EXPECT_EQ(TimeText(850), "850 ns");
  EXPECT_EQ(TimeText(9'600), "9.60 us");
  EXPECT_EQ(TimeText(40'100'000), "40.1 ms");
  EXPECT_EQ(TimeText(2'340'000'000), "2,340 ms");
  EXPECT_EQ(TimeText(12'300'000'000), "12.3 s");
  EXPECT_EQ(TimeText(-1'500'000), "-1.50 ms");
}

TEST(UnitTextTest, CountsTakeKAndM) {
  EXPECT_EQ(CountText(3614), "3,614");
  EXPECT_EQ(CountText(7), "7");
  EXPECT_EQ(CountText(7.04), "7.04");
  EXPECT_EQ(CountText(36140), "36.1 k");
  EXPECT_EQ(CountText(999'600), "1.00 M");
  EXPECT_EQ(CountText(1.2e9), "1.20 G");
}

}  // namespace
}  // namespace drumfire
