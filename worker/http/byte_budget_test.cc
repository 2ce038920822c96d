// Do holders keep to their common limit, and give back what they took?
#include "worker/http/byte_budget.h"

#include <gtest/gtest.h>

#include <optional>

namespace drumfire {
namespace {

TEST(ByteBudgetTest, HoldersShareOneLimit) {
  ByteBudget budget(10);
  BudgetShare a(&budget);
  BudgetShare b(&budget);
  EXPECT_TRUE(a.Take(6));
  EXPECT_FALSE(b.Take(5));
  EXPECT_TRUE(b.Take(4));
  EXPECT_FALSE(a.Take(1));
  b.Release();
  EXPECT_TRUE(a.Take(4));
  EXPECT_FALSE(b.Take(UINT64_MAX)) << "no sum overflows";
}

TEST(ByteBudgetTest, AHolderThatGoesGivesBack) {
  ByteBudget budget(10);
  std::optional<BudgetShare> gone(std::in_place, &budget);
  EXPECT_TRUE(gone->Take(10));
  gone.reset();
  EXPECT_TRUE(BudgetShare(&budget).Take(10));
}

TEST(ByteBudgetTest, WithoutABudgetThereIsNoLimit) {
  EXPECT_TRUE(BudgetShare(nullptr).Take(UINT64_MAX));
}

}  // namespace
}  // namespace drumfire
