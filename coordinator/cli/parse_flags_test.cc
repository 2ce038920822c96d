// Is every flag that cannot be taken answered in one line that names it?
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coordinator/cli/fake_inputs.h"
#include "coordinator/cli/flag_values.h"
#include "coordinator/cli/flags.h"

namespace drumfire {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string ParseError(const std::vector<std::string>& arguments) {
  const absl::StatusOr<ParsedFlags> parsed = ParseFlags(arguments);
  return parsed.ok() ? "no error" : std::string(parsed.status().message());
}

TEST(ParseFlagsTest, NamesTheNearestFlagForAnUnknownOne) {
  EXPECT_EQ(ParseError({"--concurency", "5"}),
            "unknown flag --concurency; did you mean --concurrency?");
  EXPECT_EQ(ParseError({"--request-counts=5"}),
            "unknown flag --request-counts; did you mean --request-count?");
  EXPECT_EQ(ParseError({"--xyzzy-plugh-frobnicate"}),
            "unknown flag --xyzzy-plugh-frobnicate; see drumfire profile --help");
}

TEST(ParseFlagsTest, RefusesWordsThatBelongToNoFlag) {
  EXPECT_EQ(ParseError({"profile"}),
            "unexpected argument \"profile\"; see drumfire profile --help");
  EXPECT_EQ(ParseError({"--isl", "5", "6"}),
            "unexpected argument \"6\"; see drumfire profile --help");
  EXPECT_EQ(ParseError({""}), "unexpected argument \"\"; see drumfire profile --help");
}

TEST(ParseFlagsTest, RefusesAFlagWithoutItsValue) {
  EXPECT_EQ(ParseError({"--streaming", "--isl"}), "--isl requires a value");
  EXPECT_EQ(ParseError({"--url"}), "--url requires a value");
}

TEST(ParseFlagsTest, RefusesASecondValueUnderAnyName) {
  EXPECT_EQ(ParseError({"--isl", "5", "--synthetic-input-tokens-mean", "6"}),
            "--synthetic-input-tokens-mean was given 2 values; give it one");
}

TEST(ParseFlagsTest, RefusesWhatWouldChangeTheLoad) {
  EXPECT_EQ(ParseError({"--request-cancellation-rate", "20"}),
            "--request-cancellation-rate is a flag of AIPerf that is not supported yet; remove it");
  EXPECT_EQ(ParseError({"--num-sessions", "3"}).substr(0, 14), "--num-sessions");
}

TEST(ParseFlagsTest, AcceptsARefusedFlagThatAsksForItsDefault) {
  EXPECT_EQ(ParseError({"--session-turns-mean", "1"}), "no error");
  EXPECT_EQ(ParseError({"--synthesis-prefix-len-multiplier", "1"}), "no error");
  EXPECT_EQ(ParseError({"--transport", "http"}), "no error");
  EXPECT_EQ(ParseError({"--reset-kv-cache=false"}), "no error");
}

TEST(ParseFlagsTest, SaysWhichHarmlessFlagsDoNothing) {
  const absl::StatusOr<ParsedFlags> parsed =
      ParseFlags({"--no-gpu-telemetry", "--server-metrics", "http://a/metrics", "http://b", "-v",
                  "--log-level=debug"});
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_THAT(parsed->notes, ElementsAre("--no-gpu-telemetry is accepted but has no effect yet",
                                         "--server-metrics is accepted but has no effect yet",
                                         "-v is accepted but has no effect yet",
                                         "--log-level is accepted but has no effect yet"));
  EXPECT_THAT(parsed->values.order(), IsEmpty());
}

TEST(ParseFlagsTest, TakesListsByRepetitionAndAfterEachOther) {
  const absl::StatusOr<ParsedFlags> parsed =
      ParseFlags({"-u", "a", "b", "--streaming", "--url", "c", "--url=d", "-m", "x"});
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_THAT(parsed->values.List("--url"), ElementsAre("a", "b", "c", "d"));
  EXPECT_EQ(parsed->values.Text("--model"), "x");
  EXPECT_TRUE(parsed->values.Has("--streaming"));
}

TEST(ParseFlagsTest, TakesNegativeNumbersAsValues) {
  EXPECT_EQ(ParseFlags({"--isl", "-5"})->values.Text("--isl"), "-5");
  EXPECT_EQ(ParseFlags({"--isl", "-.5"})->values.Text("--isl"), "-.5");
}

TEST(FlagTableTest, HoldsEveryNameOnce) {
  std::set<std::string> seen;
  for (const FlagSpec& flag : ProfileFlags()) {
    for (absl::string_view name : NamesOf(flag)) {
      EXPECT_TRUE(seen.insert(std::string(name)).second) << name;
      EXPECT_EQ(FindFlag(name), &flag);
    }
    EXPECT_EQ(flag.support == FlagSupport::kSupported, !flag.help.empty()) << flag.names;
  }
}

}  // namespace
}  // namespace drumfire
