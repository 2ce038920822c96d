// Is text cut into the words that the split's behavior says?
#include "common/tokens/pre_tokenizer.h"

#include "gtest/gtest.h"

namespace drumfire {
namespace {

using Strings = std::vector<std::string>;

Strings Words(const PreTokenizer& pre_tokenizer, absl::string_view text) {
  Strings words;
  pre_tokenizer.Split(text, [&](absl::string_view word) { words.emplace_back(word); });
  return words;
}

Strings PreSplit(absl::string_view pattern, SplitBehavior behavior, bool invert,
                 absl::string_view text) {
  PreTokenizer pre_tokenizer;
  EXPECT_TRUE(pre_tokenizer.AddSplit(pattern, behavior, invert).ok());
  return Words(pre_tokenizer, text);
}

TEST(PreTokenizerTest, RefusesPatternsItCannotRead) {
  PreTokenizer pre_tokenizer;
  EXPECT_EQ(pre_tokenizer.AddSplit("(a", SplitBehavior::kIsolated, false).message(),
            "pattern \"(a\": missing closing parenthesis, expected a regular expression");
  EXPECT_EQ(pre_tokenizer.AddSplit("[a&&b]", SplitBehavior::kIsolated, false).message(),
            "pattern \"[a&&b]\": found a class intersection (&&), which is not supported");
}

TEST(PreTokenizerTest, BehaviorsDifferInWhatBecomesOfMatches) {
  const absl::string_view text = "a--b-c";
  EXPECT_EQ(PreSplit("-", SplitBehavior::kIsolated, false, text),
            (Strings{"a", "-", "-", "b", "-", "c"}));
  EXPECT_EQ(PreSplit("-", SplitBehavior::kRemoved, false, text), (Strings{"a", "b", "c"}));
  EXPECT_EQ(PreSplit("-", SplitBehavior::kContiguous, false, text),
            (Strings{"a", "--", "b", "-", "c"}));
  EXPECT_EQ(PreSplit("-", SplitBehavior::kMergedWithPrevious, false, text),
            (Strings{"a-", "-", "b-", "c"}));
  EXPECT_EQ(PreSplit("-", SplitBehavior::kMergedWithNext, false, text),
            (Strings{"a", "-", "-b", "-c"}));
}

TEST(PreTokenizerTest, InvertSwapsMatchesAndGaps) {
  EXPECT_EQ(PreSplit("[a-z]", SplitBehavior::kRemoved, true, "a1b22c"), (Strings{"a", "b", "c"}));
}

TEST(PreTokenizerTest, LaterSplitsStayWithinEarlierParts) {
  PreTokenizer pre_tokenizer;
  ASSERT_TRUE(pre_tokenizer.AddSplit("\\d", SplitBehavior::kIsolated, false).ok());
  ASSERT_TRUE(pre_tokenizer.AddSplit(kGpt2Pattern, SplitBehavior::kIsolated, false).ok());
  EXPECT_EQ(Words(pre_tokenizer, "it's 12 ok"), (Strings{"it", "'s", " ", "1", "2", " ok"}));
}

TEST(PreTokenizerTest, PrefixSpaceIsAddedOnce) {
  PreTokenizer pre_tokenizer;
  pre_tokenizer.AddPrefixSpace();
  EXPECT_EQ(Words(pre_tokenizer, "word"), Strings{" word"});
  EXPECT_EQ(Words(pre_tokenizer, " word"), Strings{" word"});
}

TEST(PreTokenizerTest, EmptyMatchesSplitNothing) {
  EXPECT_EQ(PreSplit("x*", SplitBehavior::kIsolated, false, "axb"), (Strings{"a", "x", "b"}));
  EXPECT_EQ(PreSplit("x*", SplitBehavior::kIsolated, false, ""), Strings{});
}

TEST(PreTokenizerTest, RunawayPatternGivesUpWithoutLosingText) {
  const std::string text = std::string(60, 'a') + "b";
  std::string joined;
  for (const std::string& word : PreSplit("(a+)+$", SplitBehavior::kIsolated, false, text)) {
    joined += word;
  }
  EXPECT_EQ(joined, text);
}

TEST(PreTokenizerTest, WhiteSpaceIsUnicodes) {
  EXPECT_EQ(PreSplit("\\s", SplitBehavior::kRemoved, false, "a\u00A0b\u3000c\u0085d\u180Ee\u200Bf"),
            (Strings{"a", "b", "c", "d\u180Ee\u200Bf"}));
  EXPECT_EQ(PreSplit("\\S", SplitBehavior::kRemoved, false, "\u180E \u2003"), (Strings{" \u2003"}));
}

}  // namespace
}  // namespace drumfire
