// Does text that stands escaped in JSON become the UTF-8 that it means, and broken text something
// that is UTF-8 at all?
#include "common/json/json_unescape.h"

#include <gtest/gtest.h>

#include <string>

namespace drumfire {
namespace {

std::string Unescape(absl::string_view escaped) {
  std::string out;
  AppendUnescapedJson(escaped, &out);
  return out;
}

std::string Valid(absl::string_view text, size_t max_bytes) {
  std::string out;
  AppendValidUtf8(text, max_bytes, &out);
  return out;
}

TEST(JsonTextErrors, BrokenEscapesBecomeReplacements) {
  EXPECT_EQ(Unescape("a\\"), "a\uFFFD");
  EXPECT_EQ(Unescape("\\x"), "\uFFFDx");
  EXPECT_EQ(Unescape("\\u12"), "\uFFFD12");
  EXPECT_EQ(Unescape("\\u12g4"), "\uFFFD12g4");
}

TEST(JsonTextErrors, LoneSurrogatesBecomeReplacements) {
  EXPECT_EQ(Unescape("\\ud83d"), "\uFFFD");
  EXPECT_EQ(Unescape("\\ud83dx"), "\uFFFDx");
  EXPECT_EQ(Unescape("\\ude00\\ud83d"), "\uFFFD\uFFFD");
  EXPECT_EQ(Unescape("\\ud83d\\ud83d\\ude00"), "\uFFFD\U0001F600");
  EXPECT_EQ(Unescape("\\ud83d\\n"), "\uFFFD\n");
}

TEST(JsonTextErrors, BytesThatAreNotUtf8BecomeReplacements) {
  EXPECT_EQ(Unescape("a\xFFz"), "a\uFFFDz");
  EXPECT_EQ(Unescape("\xC3"), "\uFFFD");
  EXPECT_EQ(Unescape("\xC0\x80"), "\uFFFD\uFFFD");            // overlong
  EXPECT_EQ(Unescape("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");  // surrogate
  EXPECT_EQ(Unescape("\xF0\x9F\x98x"), "\uFFFDx");            // cut short: one for the whole start
  EXPECT_EQ(Unescape("\xF5\x80"), "\uFFFD\uFFFD");            // beyond U+10FFFF
}

TEST(JsonText, ResolvesEscapes) {
  EXPECT_EQ(Unescape("\\\"\\\\\\/\\b\\f\\n\\r\\t"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(Unescape("\\u0041\\u00e9\\u20AC\\ud83d\\uDE00\\u0000z"), std::string("Aé€😀\0z", 12));
}

TEST(JsonText, PassesUtf8) { EXPECT_EQ(Unescape("é€😀 plain"), "é€😀 plain"); }

TEST(JsonText, CutsBetweenCharacters) {
  EXPECT_EQ(Valid("aé€", 6), "aé€");
  EXPECT_EQ(Valid("aé€", 5), "aé");
  EXPECT_EQ(Valid("\xFF\xFF", 5), "\uFFFD");
}

}  // namespace
}  // namespace drumfire
