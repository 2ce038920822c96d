// Do hashes and hex text agree with the published vectors, and is text that is not hex refused?
#include "common/plan/digest.h"

#include <gtest/gtest.h>

namespace drumfire {
namespace {

TEST(HexTest, RefusesOddLengthAndOtherCharacters) {
  EXPECT_EQ(HexDecode("abc").status().message(), "found 3 hex digits, expected an even number");
  EXPECT_EQ(HexDecode("zz").status().message(), "found \"zz\", expected hex digits");
  EXPECT_FALSE(HexDecode(absl::string_view("0\0", 2)).ok());
}

TEST(HexTest, RoundTripsEveryByte) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  EXPECT_EQ(HexEncode("\xAB\x01"), "ab01");
  EXPECT_EQ(HexDecode(HexEncode(bytes)).value(), bytes);
  EXPECT_EQ(HexDecode("AbCd").value(), "\xAB\xCD");
}

// FIPS 180-4 examples.
TEST(Sha256Test, MatchesPublishedVectors) {
  EXPECT_EQ(HexEncode(Sha256("")),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(HexEncode(Sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace drumfire
