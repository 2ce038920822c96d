// Do the printable characters map back to their bytes?
#include "common/tokens/byte_alphabet.h"

#include "gtest/gtest.h"

namespace drumfire {
namespace {

TEST(ByteAlphabetTest, RefusesCharactersThatStandForNoByte) {
  std::string bytes;
  EXPECT_FALSE(DecodeByteAlphabet("a b", &bytes));
  EXPECT_FALSE(DecodeByteAlphabet("\u0144", &bytes));
  EXPECT_FALSE(DecodeByteAlphabet("｜", &bytes));
  EXPECT_FALSE(DecodeByteAlphabet("\xFF", &bytes));
}

TEST(ByteAlphabetTest, MapsStandInsAndPlainCharacters) {
  std::string bytes;
  ASSERT_TRUE(DecodeByteAlphabet("ĠHiĊ", &bytes));
  EXPECT_EQ(bytes, " Hi\n");
  ASSERT_TRUE(DecodeByteAlphabet("Ã©", &bytes));
  EXPECT_EQ(bytes, "é");
  ASSERT_TRUE(DecodeByteAlphabet("ĀġŃ", &bytes));
  EXPECT_EQ(bytes, std::string("\0\x7F\xAD", 3));
}

}  // namespace
}  // namespace drumfire
