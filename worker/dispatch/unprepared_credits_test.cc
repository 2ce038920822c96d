// Do credits come out lowest first, each once, whatever ranges they came in?
#include "worker/dispatch/unprepared_credits.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using testing::ElementsAre;

v1::Grant Range(uint64_t first, uint64_t count, uint64_t stride) {
  v1::Grant grant;
  grant.set_first(first);
  grant.set_count(count);
  grant.set_stride(stride);
  return grant;
}

std::vector<uint64_t> TakeAll(UnpreparedCredits* credits) {
  std::vector<uint64_t> ks;
  while (!credits->empty()) ks.push_back(credits->TakeLowest());
  return ks;
}

TEST(UnpreparedCredits, AnEmptyGrantAddsNothing) {
  UnpreparedCredits credits;
  credits.Add(Range(5, 0, 1));
  EXPECT_TRUE(credits.empty());
  EXPECT_EQ(credits.lowest(), kNoCredit);
}

TEST(UnpreparedCredits, InterleavedRangesComeOutInOrder) {
  UnpreparedCredits credits;
  credits.Add(Range(1, 3, 2));
  credits.Add(Range(0, 3, 2));
  EXPECT_EQ(credits.lowest(), 0u);
  EXPECT_THAT(TakeAll(&credits), ElementsAre(0, 1, 2, 3, 4, 5));
}

TEST(UnpreparedCredits, AnEarlierCreditThatComesLateIsNext) {
  UnpreparedCredits credits;
  credits.Add(Range(10, 2, 1));
  EXPECT_EQ(credits.TakeLowest(), 10u);
  credits.Add(Range(3, 1, 1));
  EXPECT_THAT(TakeAll(&credits), ElementsAre(3, 11));
}

}  // namespace
}  // namespace drumfire
