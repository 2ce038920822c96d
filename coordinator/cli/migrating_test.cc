// Is the page's advice something that the parser takes?
#include "coordinator/cli/migrating.h"

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "coordinator/cli/flags.h"

namespace drumfire {
namespace {

TEST(MigratingTest, NamesOnlyFlagsThatAreSupported) {
  for (const Migration& each : Migrations()) {
    for (const absl::string_view word : absl::StrSplit(each.ours, ' ', absl::SkipEmpty())) {
      if (!absl::StartsWith(word, "--")) continue;
      const FlagSpec* flag = FindFlag(word);
      ASSERT_NE(flag, nullptr) << word;
      EXPECT_EQ(flag->support, FlagSupport::kSupported) << word;
    }
  }
}

TEST(MigratingTest, SaysWhyWhereThereIsNothing) {
  for (const Migration& each : Migrations()) {
    EXPECT_TRUE(!each.ours.empty() || !each.note.empty()) << each.theirs;
  }
}

TEST(MigratingTest, EveryAiperfFlagIsKnownAndOnThePage) {
  const std::string page = MigratingPage();
  for (const absl::string_view name : AiperfFlags()) {
    EXPECT_NE(FindFlag(name), nullptr) << name;
    EXPECT_NE(page.find(absl::StrCat("`", name, "`")), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace drumfire
