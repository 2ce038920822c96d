// Is every number's text the shortest one that reads back the same, however it is made?
#include "coordinator/export/json_text.h"

#include <string>

#include "common/random/random.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

std::string NumberText(double value, bool is_integer) {
  std::string text;
  AppendJsonNumber(value, is_integer, &text);
  return text;
}

std::string MsText(int64_t ns) {
  std::string text;
  AppendJsonMs(ns, &text);
  return text;
}

TEST(JsonTextTest, BytesThatAreNotUtf8AreReplaced) {
  std::string text;
  AppendReadableJsonString("a\xff\"", &text);
  EXPECT_EQ(text, "\"a\uFFFD\\\"\"");
}

TEST(JsonTextTest, WholeNumbersShowWhetherTheyAreIntegers) {
  EXPECT_EQ(NumberText(12, true), "12");
  EXPECT_EQ(NumberText(12, false), "12.0");
  EXPECT_EQ(NumberText(-0.25, false), "-0.25");
}

TEST(JsonTextTest, MsAreTheShortestText) {
  EXPECT_EQ(MsText(0), "0.0");
  EXPECT_EQ(MsText(1'000), "0.001");
  EXPECT_EQ(MsText(2'000'000), "2.0");
  EXPECT_EQ(MsText(1'050'000), "1.05");
  EXPECT_EQ(MsText(-1'500'000), "-1.5");
}

// Every length of a number, and numbers around the places where the text's form changes.
TEST(JsonTextTest, MsAreAsTheGeneralWayWritesThem) {
  for (uint64_t seed = 0; seed < 20'000; ++seed) {
    Random random(seed, RandomStream::kArrivals, 0);
    const uint64_t mask = UINT64_MAX >> (1 + random.Below(63));
    const auto any = static_cast<int64_t>(random.Bits() & mask);
    const int64_t short_one = any - any % (random.Below(2) == 0 ? 1'000 : 1'000'000);
    for (const int64_t ns : {any, -any, short_one, static_cast<int64_t>(seed)}) {
      ASSERT_EQ(MsText(ns), NumberText(static_cast<double>(ns) / 1e6, false)) << "ns " << ns;
    }
  }
}

}  // namespace
}  // namespace drumfire
