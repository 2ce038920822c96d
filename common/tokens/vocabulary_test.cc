// Does the table find its tokens, and refuse ambiguous ones?
#include "common/tokens/vocabulary.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

TEST(VocabularyTest, RefusesRepeatedIdsAndBytes) {
  Vocabulary vocabulary(2);
  ASSERT_TRUE(vocabulary.Add(1, "one").ok());
  EXPECT_EQ(vocabulary.Add(1, "two").message(), "found id 1 a second time, expected each id once");
  EXPECT_EQ(vocabulary.Add(2, "one").message(),
            "found token \"one\" for the ids 1 and 2, expected each token once");
}

TEST(VocabularyTest, RefusesEmptyTokensAndHugeIds) {
  Vocabulary vocabulary(2);
  EXPECT_FALSE(vocabulary.Add(1, "").ok());
  EXPECT_FALSE(vocabulary.Add(Vocabulary::kMaxTokens, "a").ok());
  EXPECT_TRUE(vocabulary.Add(Vocabulary::kMaxTokens - 1, "a").ok());
}

TEST(VocabularyTest, GrowsFarBeyondTheHint) {
  constexpr uint32_t kTokens = 5000;
  Vocabulary vocabulary(0);
  for (uint32_t id = 0; id < kTokens; ++id) {
    ASSERT_TRUE(vocabulary.Add(id, absl::StrCat("token", id)).ok());
  }
  for (uint32_t id = 0; id < kTokens; ++id) {
    EXPECT_EQ(vocabulary.Find(absl::StrCat("token", id)), id);
    EXPECT_EQ(vocabulary.Bytes(id), absl::StrCat("token", id));
  }
  EXPECT_EQ(vocabulary.size(), kTokens);
}

TEST(VocabularyTest, UnknownBytesAndIdsAreNotFound) {
  Vocabulary vocabulary(1);
  ASSERT_TRUE(vocabulary.Add(7, std::string("a\0b", 3)).ok());
  EXPECT_EQ(vocabulary.Find("a"), Vocabulary::kNoToken);
  EXPECT_EQ(vocabulary.Find(""), Vocabulary::kNoToken);
  EXPECT_EQ(vocabulary.Find(std::string("a\0b", 3)), 7U);
  EXPECT_EQ(vocabulary.Bytes(6), "");
  EXPECT_EQ(vocabulary.Bytes(8), "");
}

TEST(VocabularyTest, DecodeOnlyTokensAreNeverFound) {
  Vocabulary vocabulary(1);
  ASSERT_TRUE(vocabulary.AddDecodeOnly(3, "<s>").ok());
  EXPECT_EQ(vocabulary.Find("<s>"), Vocabulary::kNoToken);
  EXPECT_EQ(vocabulary.Bytes(3), "<s>");
  EXPECT_EQ(vocabulary.findable(), 0U);
}

}  // namespace
}  // namespace drumfire
