// Are manual page and completion complete, and safe for what reads them?
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "coordinator/cli/completion.h"
#include "coordinator/cli/flags.h"
#include "coordinator/cli/man_page.h"

namespace drumfire {
namespace {

using ::testing::HasSubstr;

TEST(CompletionTest, AnUnknownShellIsBadInput) {
  EXPECT_EQ(CompletionScript("tcsh").status().message(),
            "completion: found \"tcsh\", expected bash, zsh or fish");
  EXPECT_FALSE(CompletionScript("").ok());
}

TEST(CompletionTest, KnowsEverySupportedFlagAndItsChoices) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const std::string script = *CompletionScript(shell);
    for (const FlagSpec& flag : ProfileFlags()) {
      if (flag.support != FlagSupport::kSupported) continue;
      EXPECT_THAT(script, HasSubstr(std::string(PrimaryName(flag).substr(2)))) << shell;
    }
    EXPECT_THAT(script, HasSubstr("'chat completions embeddings'")) << shell;
  }
}

TEST(ManPageTest, HasEverySupportedFlag) {
  const std::string page = ManPage();
  for (const FlagSpec& flag : ProfileFlags()) {
    if (flag.support != FlagSupport::kSupported) continue;
    EXPECT_THAT(page, HasSubstr(absl::StrReplaceAll(PrimaryName(flag), {{"-", "\\-"}})));
  }
}

TEST(ManPageTest, NoTextIsTakenForARequest) {
  for (const absl::string_view line : absl::StrSplit(ManPage(), '\n')) {
    if (!absl::StartsWith(line, ".")) continue;
    const absl::string_view request = line.substr(0, 3);
    EXPECT_TRUE(request == ".TH" || request == ".SH" || request == ".SS" || request == ".TP" ||
                request == ".nf" || request == ".fi")
        << line;
  }
}

}  // namespace
}  // namespace drumfire
