// Is the help readable, and docs/flags.md the table's own?
#include "coordinator/cli/help.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace drumfire {
namespace {

TEST(HelpTest, FitsIntoATerminalAndLeavesOutWhatIsNotSupported) {
  std::istringstream lines(ProfileHelp());
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U) << line;
  EXPECT_EQ(ProfileHelp().find("--request-cancellation-rate"), std::string::npos);
}

// To repair: drumfire flags > docs/flags.md
TEST(FlagsPageTest, IsTheOneInDocs) {
  std::ostringstream page;
  page << std::ifstream("docs/flags.md").rdbuf();
  EXPECT_EQ(page.str(), FlagsPage());
}

}  // namespace
}  // namespace drumfire
