// Does each command end in the right exit code, with nothing started after bad input?
#include "coordinator/cli/commands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "coordinator/cli/fake_inputs.h"

namespace drumfire {
namespace {

using ::testing::HasSubstr;

class CommandsTest : public ::testing::Test {
 protected:
  int Run(absl::string_view command) {
    const Actions actions{
        [this](const ProfileRequest&) { return ++runs_, outcome_; },
        [this](const ReportRequest& report) { return report_ = report, outcome_; }};
    return RunCommand(Words(command), FakeInputs(), actions, out_, err_);
  }

  std::ostringstream out_, err_;
  int runs_ = 0;
  absl::StatusOr<int> outcome_ = 3;
  ReportRequest report_;
};

TEST_F(CommandsTest, BadInputIsOneLineAndNothingStarts) {
  EXPECT_EQ(Run("profile --model m --isl x"), kExitBadInput);
  EXPECT_EQ(err_.str(), "drumfire: --isl: found \"x\", expected a number from 1 to 16777216\n");
  EXPECT_EQ(runs_, 0);
}

TEST_F(CommandsTest, UnknownCommandIsAnsweredWithTheNearest) {
  EXPECT_EQ(Run("profil --model m"), kExitBadInput);
  EXPECT_EQ(err_.str(), "drumfire: unknown command \"profil\"; did you mean profile?\n");
}

TEST_F(CommandsTest, ReportWantsOneFolderThatExists) {
  for (const char* command : {"report", "report /nowhere", "report / /", "report --all /",
                              "report / --ui", "report / --ui=all"}) {
    EXPECT_EQ(Run(command), kExitBadInput) << command;
  }
  EXPECT_THAT(err_.str(), HasSubstr("drumfire: report found no directory \"/nowhere\""));
  EXPECT_EQ(report_.folder, "");
}

TEST_F(CommandsTest, FleetWantsACommandThatItKnows) {
  for (const char* command : {"fleet", "fleet cert", "fleet certs"}) {
    EXPECT_EQ(Run(command), kExitBadInput) << command;
  }
  EXPECT_THAT(err_.str(), HasSubstr("drumfire: fleet: found \"cert\", expected certs"));
  EXPECT_EQ(Run("fleet --help"), kExitOk);
  EXPECT_THAT(out_.str(), HasSubstr("certificates for a test fleet"));
  EXPECT_EQ(Run("fleet check --help"), kExitOk);
  EXPECT_THAT(out_.str(), HasSubstr("drumfire fleet check --workers LIST [flags]"));
}

TEST_F(CommandsTest, ActionsDecideTheExitCode) {
  EXPECT_EQ(Run("profile --model m --tokenizer builtin"), 3);
  EXPECT_EQ(runs_, 1);
  EXPECT_EQ(Run("report / --records"), 3);
  EXPECT_EQ(report_.folder, "/");
  EXPECT_TRUE(report_.records);
  EXPECT_FALSE(report_.full_tables);
  EXPECT_EQ(Run("report / --ui full"), 3);
  EXPECT_TRUE(report_.full_tables);
}

TEST_F(CommandsTest, ErrorsOfActionsAreBadInputOrAFailedRun) {
  outcome_ = absl::InvalidArgumentError("--url: found nobody at http://a, expected a server");
  EXPECT_EQ(Run("profile --model m --tokenizer builtin --random-seed 1"), kExitBadInput);
  EXPECT_EQ(err_.str(), "drumfire: --url: found nobody at http://a, expected a server\n");
  outcome_ = absl::UnavailableError("all workers are lost");
  EXPECT_EQ(Run("report /"), kExitFailed);
}

TEST_F(CommandsTest, StandardOutputThatTakesNothingIsAFailureWhateverElseCameOut) {
  for (const char* command :
       {"--version", "flags", "profile --help", "profile --model m --url h"}) {
    err_.str("");
    out_.setstate(std::ios::badbit);
    EXPECT_EQ(Run(command), kExitFailed) << command;
    EXPECT_THAT(err_.str(), HasSubstr("drumfire: cannot write to standard output")) << command;
  }
}

TEST_F(CommandsTest, NotesGoBeforeTheRun) {
  Run("profile --model m -v");
  EXPECT_THAT(err_.str(), HasSubstr("drumfire: -v is accepted but has no effect yet\n"));
  EXPECT_THAT(err_.str(), HasSubstr("builtin (o200k_base) is used"));
}

TEST_F(CommandsTest, ADrawnSeedIsPrintedAsTheFlagThatRepeatsIt) {
  Run("profile --model m --tokenizer builtin --dry-run");
  EXPECT_THAT(err_.str(), ::testing::EndsWith(" --random-seed 4711\n"));
  err_.str("");
  Run("profile --model m --tokenizer builtin --dry-run --random-seed 4711");
  EXPECT_EQ(err_.str(), "");
}

TEST_F(CommandsTest, DryRunStartsNothing) {
  EXPECT_EQ(Run("profile --model m --tokenizer builtin --dry-run"), kExitOk);
  EXPECT_THAT(out_.str(), HasSubstr("Nothing was sent"));
  EXPECT_EQ(runs_, 0);
}

TEST_F(CommandsTest, HelpAndVersionAreForTheAsking) {
  EXPECT_EQ(Run("--version"), kExitOk);
  EXPECT_EQ(out_.str(), "0.1.0\n");
  EXPECT_EQ(Run("profile --help --isl x"), kExitOk);
  EXPECT_THAT(out_.str(), HasSubstr("--isl, --synthetic-input-tokens-mean"));
  EXPECT_EQ(Run(""), kExitOk);
  EXPECT_EQ(err_.str(), "");
}

}  // namespace
}  // namespace drumfire
