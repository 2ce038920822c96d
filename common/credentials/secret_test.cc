// Are secrets compared rightly, and bad ones refused without being repeated?
#include "common/credentials/secret.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace drumfire {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(SecretTest, RefusesWhatIsNoSecretAndDoesNotRepeatIt) {
  for (const std::string& text :
       {std::string(), std::string(" \n"), std::string("S3CRET and more"), std::string("S3\nCRET"),
        std::string("S3CRET\0x", 8), std::string("S3CRET\xc3\xa4"), std::string(5000, 'S')}) {
    const absl::StatusOr<std::string> secret = ParseSecret(text);
    EXPECT_EQ(secret.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(secret.status().message()), Not(HasSubstr("S3")));
  }
}

TEST(SecretTest, TakesOneLineWithoutTheBlanksAround) {
  EXPECT_EQ(*ParseSecret("  sk-1/2+3=\r\n"), "sk-1/2+3=");
}

TEST(FleetTokenTest, RefusesATokenThatCanBeGuessed) {
  EXPECT_THAT(std::string(ParseFleetToken("short\n").status().message()),
              HasSubstr("found a token of 5 bytes, expected at least 16"));
  EXPECT_TRUE(ParseFleetToken("0123456789abcdef").ok());
}

TEST(SameSecretTest, IsEqualityOfTexts) {
  EXPECT_FALSE(SameSecret("", "x"));
  EXPECT_FALSE(SameSecret("token", "tokem"));
  EXPECT_FALSE(SameSecret("token", "token "));
  EXPECT_TRUE(SameSecret("token", "token"));
  EXPECT_TRUE(SameSecret("", ""));
}

}  // namespace
}  // namespace drumfire
