// Does the cache return its entries, on any thread, within its size limit?
#include "common/tokens/word_cache.h"

#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

TEST(WordCacheTest, LongWordsAreNotKept) {
  WordCache cache;
  const std::string word(WordCache::kMaxWordBytes + 1, 'a');
  absl::Span<const uint32_t> ids;
  cache.Insert(word, {1});
  EXPECT_FALSE(cache.Find(word, &ids));
}

TEST(WordCacheTest, FindsWhatWasInserted) {
  WordCache cache;
  absl::Span<const uint32_t> ids;
  EXPECT_FALSE(cache.Find("word", &ids));
  cache.Insert("word", {1, 2, 3});
  ASSERT_TRUE(cache.Find("word", &ids));
  EXPECT_EQ(ids, absl::Span<const uint32_t>({1, 2, 3}));
}

TEST(WordCacheTest, OverfullCacheForgetsButNeverConfuses) {
  WordCache cache;
  constexpr uint32_t kWords = 120'000;
  for (uint32_t i = 0; i < kWords; ++i) cache.Insert(absl::StrCat(i), {i});
  uint32_t known = 0;
  absl::Span<const uint32_t> ids;
  for (uint32_t i = 0; i < kWords; ++i) {
    if (!cache.Find(absl::StrCat(i), &ids)) continue;
    ++known;
    ASSERT_EQ(ids, absl::Span<const uint32_t>({i}));
  }
  EXPECT_GT(known, 50'000U);
  EXPECT_LT(known, kWords);
}

TEST(WordCacheTest, ThreadsShareIt) {
  WordCache cache;
  const auto work = [&cache] {
    absl::Span<const uint32_t> ids;
    for (uint32_t i = 0; i < 5000; ++i) {
      const std::string word = absl::StrCat(i);
      if (!cache.Find(word, &ids)) {
        cache.Insert(word, {i});
      } else {
        ASSERT_EQ(ids, absl::Span<const uint32_t>({i}));
      }
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace drumfire
