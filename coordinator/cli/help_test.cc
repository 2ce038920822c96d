// Is the help readable, and docs/flags.md the table's own?
#include "coordinator/cli/help.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/dialect/dialect.h"
#include "coordinator/cli/command_help.h"
#include "coordinator/cli/flags.h"
#include "coordinator/cli/fleet_commands.h"
#include "coordinator/cli/fleet_flags.h"
#include "coordinator/cli/migrating.h"

namespace drumfire {
namespace {

void ExpectFits(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80U) << line;
}

TEST(HelpTest, FitsIntoATerminal) {
  for (const std::string& text :
       {CommandsHelp(), ProfileHelp(), ReportHelp(), FleetHelp(), FleetCommandHelp("certs"),
        FleetCommandHelp("check"), FleetCommandHelp("status")}) {
    ExpectFits(text);
  }
}

TEST(HelpTest, LeavesOutWhatIsNotSupported) {
  EXPECT_EQ(ProfileHelp().find("--request-cancellation-rate"), std::string::npos);
}

TEST(HelpTest, NamesEveryDialect) {
  std::vector<absl::string_view> names;
  for (const Dialect* dialect : Dialects()) names.push_back(dialect->name);
  const FlagSpec* flag = FindFlag("--endpoint-type");
  EXPECT_EQ(flag->value, absl::StrJoin(names, "|"));
  EXPECT_EQ(flag->default_text, names.front());
}

TEST(HelpTest, EveryFleetCommandHasAHelpOfItsOwn) {
  for (const FleetCommand& command : FleetCommands()) {
    const std::string help = FleetCommandHelp(command.name);
    EXPECT_EQ(help.find(absl::StrCat("drumfire fleet ", command.name, " ")), 0U) << help;
    EXPECT_NE(help.find("Example"), std::string::npos) << command.name;
  }
}

// A command's help names exactly the flags that it accepts.
TEST(HelpTest, NamesEveryFlagOfFleetQuestions) {
  std::istringstream words{std::string(kFleetFlagsUsage)};
  for (std::string word; words >> word;) {
    const size_t flag = word.find("--");
    if (flag == std::string::npos) continue;
    EXPECT_NE(FleetCommandHelp("check").find(word.substr(flag)), std::string::npos) << word;
  }
}

// To repair: drumfire flags > docs/flags.md
TEST(FlagsPageTest, IsTheOneInDocs) {
  std::ostringstream page;
  page << std::ifstream("docs/flags.md").rdbuf();
  EXPECT_EQ(page.str(), FlagsPage());
}

// To repair: drumfire migrating > docs/migrating.md
TEST(MigratingPageTest, IsTheOneInDocs) {
  std::ostringstream page;
  page << std::ifstream("docs/migrating.md").rdbuf();
  EXPECT_EQ(page.str(), MigratingPage());
}

}  // namespace
}  // namespace drumfire
