// Is only what an earlier prompt began with in the cache?
#include "tools/mock_server/prefix_cache.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace drumfire::mock {
namespace {

// So many words, which the name makes its own.
std::string Words(absl::string_view name, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) absl::StrAppend(&text, " ", name, i);
  return text;
}

TEST(PrefixCacheTest, KnowsNothingAtFirst) {
  PrefixCache cache;
  EXPECT_EQ(cache.TakeIn(""), 0);
  EXPECT_EQ(cache.TakeIn(Words("a", 100)), 0);
}

TEST(PrefixCacheTest, KnowsWholeBlocksOfACommonBeginning) {
  PrefixCache cache;
  cache.TakeIn(Words("a", 100));
  EXPECT_EQ(cache.TakeIn(Words("a", 40) + Words("b", 60)), 32);
  EXPECT_EQ(cache.TakeIn(Words("b", 60)), 0);
  EXPECT_EQ(cache.TakeIn(Words("a", 100)), 96);
}

TEST(PrefixCacheTest, TheLastTokenIsAlwaysComputed) {
  PrefixCache cache;
  cache.TakeIn(Words("a", 32));
  EXPECT_EQ(cache.TakeIn(Words("a", 32)), 16);
}

TEST(PrefixCacheTest, HoldsABoundedNumberOfBlocks) {
  PrefixCache cache;
  const int words = static_cast<int>(PrefixCache::kMaxBlocks) * PrefixCache::kBlockTokens + 160;
  cache.TakeIn(Words("a", words));
  EXPECT_EQ(cache.blocks(), 10U);
}

}  // namespace
}  // namespace drumfire::mock
