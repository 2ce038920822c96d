// Does the command line become the options meant, and does a bad one end with a line and code 2?
#include "tools/mock_server/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace drumfire::mock {
namespace {

absl::StatusOr<MockOptions> ParseOptionsOf(std::vector<const char*> flags, int* exit_code) {
  flags.insert(flags.begin(), "drumfire-mock");
  return ParseMockOptions(static_cast<int>(flags.size()), flags.data(), exit_code);
}

TEST(Options, BadOnesEndWithTwo) {
  const std::vector<std::vector<const char*>> lines = {
      {"--nonsense"},          {"--port", "70000"},     {"--persona", "gpt"},
      {"--ttft", "50"},        {"--itl", "normal:1ms"}, {"--error-rate", "101"},
      {"--osl", "0"},          {"--tls-cert", "a.pem"}, {"--error-rate", "60", "--hang-rate", "60"},
      {"--coalesce", "0"},     {"--concurrency", "-1"}, {"--comment-interval", "soon"},
      {"--odd-usage", "zero"}, {"--empty-rate", "101"}};
  for (const std::vector<const char*>& line : lines) {
    int exit_code = 0;
    const absl::StatusOr<MockOptions> options = ParseOptionsOf(line, &exit_code);
    EXPECT_FALSE(options.ok()) << line[0];
    EXPECT_EQ(exit_code, 2) << line[0];
    EXPECT_FALSE(options.status().message().empty());
  }
}

TEST(Options, ErrorNamesTheFlag) {
  int exit_code = 0;
  EXPECT_THAT(std::string(ParseOptionsOf({"--ttft", "50"}, &exit_code).status().message()),
              testing::AllOf(testing::HasSubstr("--ttft"), testing::HasSubstr("'50'")));
}

TEST(Options, HelpIsNoError) {
  int exit_code = 7;
  EXPECT_THAT(std::string(ParseOptionsOf({"--help"}, &exit_code).status().message()),
              testing::HasSubstr("--truth-log"));
  EXPECT_EQ(exit_code, 0);
}

TEST(Options, TakesAFreePortUnlessToldOtherwise) {
  int exit_code = 0;
  EXPECT_EQ(ParseOptionsOf({}, &exit_code)->port, 0);
  EXPECT_EQ(ParseOptionsOf({"--port", "8123"}, &exit_code)->port, 8123);
}

TEST(Options, TakesBadAnswers) {
  int exit_code = 0;
  const absl::StatusOr<MockOptions> options =
      ParseOptionsOf({"--empty-rate", "1", "--finish-error-rate", "2", "--open-body-rate", "3",
                      "--odd-usage-rate", "4", "--odd-usage", "huge"},
                     &exit_code);
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->faults.sum(), 10);
  EXPECT_EQ(options->odd_usage, OddUsage::kHuge);
}

TEST(Options, TakesWhatIsSaid) {
  int exit_code = 0;
  const absl::StatusOr<MockOptions> options =
      ParseOptionsOf({"--persona", "llama-server", "--ttft", "20ms", "--osl", "9", "--stall-rate",
                      "1.5", "--comment-interval", "2s"},
                     &exit_code);
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->persona, Persona::kLlamaServer);
  EXPECT_EQ(options->ttft.SampleNs(nullptr), 20 * kNsPerMs);
  EXPECT_EQ(options->osl, 9);
  EXPECT_EQ(options->faults.stall, 1.5);
  EXPECT_EQ(options->comment_interval_ns, 2 * kNsPerSecond);
}

}  // namespace
}  // namespace drumfire::mock
