// Do invalid bytes become U+FFFD, one for each maximal invalid part, and nothing else change?
#include "common/tokens/utf8.h"

#include "gtest/gtest.h"

namespace drumfire {
namespace {

std::string Repaired(absl::string_view text) {
  std::string storage;
  return std::string(ToValidUtf8(text, &storage));
}

TEST(ToValidUtf8Test, LoneContinuationBytesAreOneEach) {
  EXPECT_EQ(Repaired("a\x80\x81z"), "a\uFFFD\uFFFDz");
}

TEST(ToValidUtf8Test, TruncatedCharacterIsOneReplacement) {
  EXPECT_EQ(Repaired("a\xE2\x82"), "a\uFFFD");
  EXPECT_EQ(Repaired("\xF0\x9F\x98z"), "\uFFFDz");
}

TEST(ToValidUtf8Test, SurrogatesAndOverlongFormsAreInvalid) {
  EXPECT_EQ(Repaired("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(Repaired("\xC0\xAF"), "\uFFFD\uFFFD");
}

TEST(ToValidUtf8Test, ValidTextIsNotCopied) {
  const std::string text("valid \0 é 😀", 15);
  std::string storage;
  EXPECT_EQ(ToValidUtf8(text, &storage).data(), text.data());
}

}  // namespace
}  // namespace drumfire
