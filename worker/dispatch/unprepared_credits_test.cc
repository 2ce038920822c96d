// Do credits come out lowest first, each once, whatever ranges they came in?
#include "worker/dispatch/unprepared_credits.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "common/random/random.h"
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
  EXPECT_TRUE(credits.Add(Range(5, 0, 1)).ok());
  EXPECT_TRUE(credits.empty());
  EXPECT_EQ(credits.lowest(), kNoCredit);
}

TEST(UnpreparedCredits, InterleavedRangesComeOutInOrder) {
  UnpreparedCredits credits;
  EXPECT_TRUE(credits.Add(Range(1, 3, 2)).ok());
  EXPECT_TRUE(credits.Add(Range(0, 3, 2)).ok());
  EXPECT_EQ(credits.lowest(), 0u);
  EXPECT_THAT(TakeAll(&credits), ElementsAre(0, 1, 2, 3, 4, 5));
}

TEST(UnpreparedCredits, AnEarlierCreditThatComesLateIsNext) {
  UnpreparedCredits credits;
  EXPECT_TRUE(credits.Add(Range(10, 2, 1)).ok());
  EXPECT_EQ(credits.TakeLowest(), 10u);
  EXPECT_TRUE(credits.Add(Range(3, 1, 1)).ok());
  EXPECT_THAT(TakeAll(&credits), ElementsAre(3, 11));
}

std::set<uint64_t> SessionsOf(const v1::Grant& grant) {
  std::set<uint64_t> sessions;
  for (uint64_t i = 0; i < grant.count(); ++i) sessions.insert(grant.first() + i * grant.stride());
  return sessions;
}

// Any two small ranges: refused exactly when they share a credit.
TEST(UnpreparedCredits, ARangeThatSharesACreditWithAnotherIsRefusedAndChangesNothing) {
  int refused = 0;
  for (uint64_t i = 0; i < 20'000; ++i) {
    Random random(1, RandomStream::kModel, i);
    const auto draw = [&random] {
      return Range(random.Below(40), 1 + random.Below(9), 1 + random.Below(12));
    };
    const v1::Grant held = draw(), grant = draw();
    const std::set<uint64_t> first = SessionsOf(held), second = SessionsOf(grant);
    const bool shares = std::any_of(first.begin(), first.end(),
                                    [&second](uint64_t k) { return second.contains(k); });
    UnpreparedCredits credits;
    ASSERT_TRUE(credits.Add(held).ok());
    ASSERT_EQ(credits.Add(grant).ok(), !shares)
        << held.ShortDebugString() << " and " << grant.ShortDebugString();
    ASSERT_EQ(TakeAll(&credits).size(), held.count() + (shares ? 0 : grant.count()));
    refused += shares ? 1 : 0;
  }
  EXPECT_GT(refused, 1000);
}

TEST(UnpreparedCredits, LargeRangesAreComparedWithoutWalkingThem) {
  UnpreparedCredits credits;
  constexpr uint64_t kMany = 400'000'000'000;
  EXPECT_TRUE(credits.Add(Range(0, kMany, 2)).ok());
  EXPECT_TRUE(credits.Add(Range(1, kMany, 2)).ok());
  EXPECT_EQ(credits.Add(Range(kMany, 1, 1)).message(),
            "credits: found 1 from session 400000000000 by 1, of which some are granted already");
  EXPECT_TRUE(credits.Add(Range(UINT64_MAX - 4, 2, 4)).ok());
  EXPECT_FALSE(credits.Add(Range(UINT64_MAX, 1, UINT64_MAX)).ok());
}

}  // namespace
}  // namespace drumfire
