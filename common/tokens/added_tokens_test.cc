// Are added tokens found in the text: leftmost, longest, with their rules?
#include "common/tokens/added_tokens.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

// "text" for plain parts, "#id" for tokens, joined by "|".
std::string Split(const AddedTokens& tokens, absl::string_view text) {
  std::string out;
  const auto add = [&out](absl::string_view part) {
    absl::StrAppend(&out, out.empty() ? "" : "|", part);
  };
  tokens.Split(
      text, [&](absl::string_view part) { add(part); },
      [&](uint32_t id) { add(absl::StrCat("#", id)); });
  return out;
}

TEST(AddedTokensTest, WithoutTokensTextStaysWhole) {
  AddedTokens tokens;
  tokens.Add("", {9});
  EXPECT_EQ(Split(tokens, "a<s>"), "a<s>");
  EXPECT_EQ(Split(tokens, ""), "");
}

TEST(AddedTokensTest, LongestTokenAtTheLeftmostPlaceWins) {
  AddedTokens tokens;
  tokens.Add("<a", {1});
  tokens.Add("<ab>", {2});
  tokens.Add("b>", {3});
  EXPECT_EQ(Split(tokens, "x<ab>y<ab<a"), "x|#2|y|#1|b|#1");
  EXPECT_EQ(Split(tokens, "b><a"), "#3|#1");
}

TEST(AddedTokensTest, SingleWordsAreNotFoundInsideOthers) {
  AddedTokens tokens;
  AddedTokens::Rule rule{1};
  rule.single_word = true;
  tokens.Add("and", rule);
  EXPECT_EQ(Split(tokens, "and sand andé and, _and"), "#1| sand andé |#1|, _and");
}

TEST(AddedTokensTest, StrippingTakesWhiteSpaceAlong) {
  AddedTokens tokens;
  AddedTokens::Rule left{1}, right{2};
  left.strip_left = true;
  right.strip_right = true;
  tokens.Add("<l>", left);
  tokens.Add("<r>", right);
  EXPECT_EQ(Split(tokens, "a \u3000<l> b <r> \n c"), "a|#1| b |#2|c");
  EXPECT_EQ(Split(tokens, " <l>"), "#1");
}

}  // namespace
}  // namespace drumfire
