// Is no secret left in the arguments that the process list shows, and everything else kept?
#include "coordinator/cli/argument_scrub.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace drumfire {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> Scrubbed(std::vector<std::string> arguments) {
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  ScrubArguments(pointers);
  return arguments;
}

TEST(ArgumentScrubTest, LeavesNoSecretHoweverItIsGiven) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"--api-key", "S3CRET"},
                                             {"--api-key=S3CRET"},
                                             {"--api-key", "--S3CRET"},
                                             {"-H", "Authorization: Bearer S3CRET"},
                                             {"-HX-Api-Key:S3CRET"},
                                             {"--header=Cookie: a=S3CRET"},
                                             {"--header", "a: b", "My-Token:S3CRET"},
                                             {"--extra-inputs", "api_key:S3CRET"},
                                             {"--api-kye-token=S3CRET"},
                                             {"-u", "http://user:S3CRET@host:8000/v1"},
                                             {"--url=https://S3CRET@host"},
                                             {"-u", "user:S3CRET@host"},
                                             {"-u", "http://u:p/S3CRET@host"},
                                             {"--url=http://h/?a=b&sig=S3CRET"},
                                             {"-u", "h:1?token=S3CRET,h:2?key=S3CRET"}}) {
    for (const std::string& argument : Scrubbed(arguments)) {
      EXPECT_THAT(argument, Not(HasSubstr("S3CRET")));
    }
  }
}

TEST(ArgumentScrubTest, KeepsTheRestAndEveryLength) {
  EXPECT_THAT(Scrubbed({"profile", "-H", "X-Note: b", "--api-key-file", "/run/key", "--url",
                        "http://u:p@h:1/a", "--api-key", "abc", "--concurrency", "5"}),
              ElementsAre("profile", "-H", "X-Note: b", "--api-key-file", "/run/key", "--url",
                          "http://xxx@h:1/a", "--api-key", "xxx", "--concurrency", "5"));
  EXPECT_THAT(Scrubbed({"--fleet-token-file=/etc/t", "--tls-key=k.pem", "--goodput",
                        "time_to_first_token:100", "--use-server-token-count"}),
              ElementsAre("--fleet-token-file=/etc/t", "--tls-key=k.pem", "--goodput", ::testing::_,
                          "--use-server-token-count"));
}

}  // namespace
}  // namespace drumfire
