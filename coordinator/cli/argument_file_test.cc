// Does a file with flags give the words that a shell would give?
#include "coordinator/cli/argument_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coordinator/cli/fake_inputs.h"

namespace drumfire {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Split(absl::string_view text) { return SplitArguments(text).value(); }

FakeInputs MachineWith(const std::string& text) {
  FakeInputs inputs;
  inputs.files["plan.args"] = text;
  return inputs;
}

TEST(ArgumentFileTest, OpenQuoteIsToldWithItsLine) {
  EXPECT_EQ(SplitArguments("--model m\n-H 'X: y\n").status().message(),
            "line 2: a quote is not closed; close it on the same line");
  EXPECT_EQ(WithArgumentFile({"@plan.args"}, MachineWith("\"")).status().message(),
            "@plan.args: line 1: a quote is not closed; close it on the same line");
}

TEST(ArgumentFileTest, FileThatIsNotThere) {
  const absl::Status status = WithArgumentFile({"@nowhere"}, FakeInputs()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), ::testing::StartsWith("@nowhere cannot be read: "));
}

TEST(ArgumentFileTest, WordsAreSplitAtBlanksAndLines) {
  EXPECT_THAT(Split(""), IsEmpty());
  EXPECT_THAT(Split("\n  --a\t1\r\n--b\n"), ElementsAre("--a", "1", "--b"));
}

TEST(ArgumentFileTest, QuotesKeepBlanksTogether) {
  EXPECT_THAT(Split("-H 'X: \"y\"' --x=\"1 2\"3 ''"),
              ElementsAre("-H", "X: \"y\"", "--x=1 23", ""));
}

TEST(ArgumentFileTest, CommentsBeginWithAWord) {
  EXPECT_THAT(Split("# --a\n--b # c 'd\n--e x#y"), ElementsAre("--b", "--e", "x#y"));
}

TEST(ArgumentFileTest, OnlyTheFirstArgumentIsAFile) {
  const FakeInputs inputs = MachineWith("--isl 7");
  EXPECT_THAT(*WithArgumentFile({"@plan.args", "--osl", "@plan.args"}, inputs),
              ElementsAre("--isl", "7", "--osl", "@plan.args"));
  EXPECT_THAT(*WithArgumentFile({"--workers", "@plan.args"}, inputs),
              ElementsAre("--workers", "@plan.args"));
  EXPECT_THAT(*WithArgumentFile({}, inputs), IsEmpty());
}

TEST(ArgumentFileTest, ProfileTakesItsFlagsFromAFile) {
  const FakeInputs inputs = MachineWith("--model m --tokenizer builtin --request-count 12");
  const auto request = ParseProfile({"@plan.args", "--ui", "none"}, inputs);
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(request->plan.phases(0).request_count(), 12);
}

}  // namespace
}  // namespace drumfire
