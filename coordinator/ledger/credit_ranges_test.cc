// Do ranges of credits keep every k when they are cut and partitioned?
#include "coordinator/ledger/credit_ranges.h"

#include <set>

#include "gtest/gtest.h"

namespace drumfire {
namespace {

TEST(CreditRanges, PartFromCutsAtTheFirstKThatIsNotBelow) {
  const CreditRange range{10, 5, 3};  // 10 13 16 19 22
  EXPECT_EQ(PartFrom(range, 0).count, 5u);
  EXPECT_EQ(PartFrom(range, 14).first, 16u);
  EXPECT_EQ(PartFrom(range, 16).count, 3u);
  EXPECT_EQ(PartFrom(range, 23).count, 0u);
  EXPECT_EQ(PartFrom(range, UINT64_MAX).count, 0u);
  EXPECT_EQ(PartFrom({0, 5, 7}, UINT64_MAX).count, 0u);
}

TEST(CreditRanges, PartsAreTheWhole) {
  for (uint64_t count = 0; count < 20; ++count) {
    for (uint32_t parts = 1; parts < 7; ++parts) {
      std::set<uint64_t> seen;
      for (const CreditRange& part : Partition({7, count, 2}, parts, count % parts)) {
        for (uint64_t i = 0; i < part.count; ++i) EXPECT_TRUE(seen.insert(part.At(i)).second);
      }
      EXPECT_EQ(seen.size(), count);
      if (count > 0) {
        EXPECT_EQ(*seen.rbegin(), 7 + (count - 1) * 2);
      }
    }
  }
}

TEST(CreditRanges, FirstCreditGoesToTheStarter) {
  const auto parts = Partition({7, 1, 1}, 3, 2);
  EXPECT_EQ(parts[2].count, 1u);
  EXPECT_EQ(parts[0].count + parts[1].count, 0u);
}

TEST(HeldCredits, WhatIsSettledCannotBeReclaimed) {
  HeldCredits held;
  held.Add({0, 10, 1});
  held.Add({20, 4, 5});
  held.Settle(25);
  EXPECT_EQ(held.granted(), 14u);
  const auto back = held.ReclaimUnsettled();
  ASSERT_EQ(back.size(), 1u);
  EXPECT_EQ(back[0].first, 25u);
  EXPECT_EQ(back[0].count, 3u);
  EXPECT_EQ(held.granted(), 11u);
}

// The worker said it had sent all, and meanwhile it was given what another had lost.
TEST(HeldCredits, AWordThatCrossedAGrantDoesNotSettleIt) {
  HeldCredits held;
  held.Add({100, 10, 1});
  held.Add({5, 3, 1});
  held.Settle(UINT64_MAX, /*granted=*/10);
  const auto back = held.ReclaimUnsettled();
  ASSERT_EQ(back.size(), 1u);
  EXPECT_EQ(back[0].first, 5u);
  EXPECT_EQ(back[0].count, 3u);
}

}  // namespace
}  // namespace drumfire
