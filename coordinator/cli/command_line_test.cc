// Is the stored command the given one, without its secrets?
#include "coordinator/cli/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coordinator/cli/fake_inputs.h"
#include "coordinator/cli/headers.h"

namespace drumfire {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Written(const std::vector<std::string>& arguments) {
  return RedactedCommand(ParseFlags(arguments)->values);
}

TEST(RedactedCommandTest, NeverHoldsASecretHoweverItWasGiven) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"--api-key", "S3CRET"},
                                             {"--api-key=S3CRET"},
                                             {"-H", "Authorization: Bearer S3CRET"},
                                             {"-HX-Api-Key:S3CRET"},
                                             {"--header=cookie:S3CRET", "a: b"},
                                             {"--header", "a: b", "My-Token: S3CRET"},
                                             {"--url", "http://h/?api_key=S3CRET"},
                                             {"-u", "http://a,http://h/?sig=S3CRET&x=1"},
                                             {"--endpoint", "/v1?token=S3CRET"}}) {
    EXPECT_THAT(Written(arguments), Not(HasSubstr("S3CRET")));
    EXPECT_THAT(Written(arguments), HasSubstr("<redacted>"));
  }
}

TEST(RedactedCommandTest, KeepsTheRestOfUrls) {
  EXPECT_EQ(Written({"-u", "http://a/?key=S,http://b?x=1"}),
            "drumfire profile -u 'http://a/?key=<redacted>,http://b?x=1'");
}

TEST(RedactedCommandTest, KeepsOrderSpellingAndQuotes) {
  EXPECT_EQ(Written({"--num-requests", "5", "-u", "http://a", "http://b", "--streaming",
                     "--goodput", "request_latency:5 x:1", "-H", "X-Note: it's"}),
            "drumfire profile --num-requests 5 -u http://a -u http://b --streaming --goodput "
            "'request_latency:5 x:1' -H 'X-Note: it'\\''s'");
}

TEST(HeaderTest, ErrorsNeverRepeatTheValue) {
  EXPECT_EQ(ParseHeader("-H", "S3CRET").status().message(),
            "-H requires NAME:VALUE; the colon is missing");
  EXPECT_THAT(std::string(ParseHeader("-H", "a: S3CRET\r\nb: c").status().message()),
              Not(HasSubstr("S3CRET")));
  EXPECT_FALSE(ParseHeader("-H", "a b: c").ok());
  EXPECT_FALSE(ParseHeader("-H", ": c").ok());
}

TEST(HeaderTest, KeepsColonsAndTrimsBlanks) {
  const absl::StatusOr<v1::Header> header = ParseHeader("-H", "X-Url:  http://a:1 ");
  ASSERT_TRUE(header.ok());
  EXPECT_EQ(header->name(), "X-Url");
  EXPECT_EQ(header->value(), "http://a:1");
}

}  // namespace
}  // namespace drumfire
