// Is the page's advice something that the parser takes?
#include "coordinator/cli/migrating.h"

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "coordinator/cli/flags.h"
#include "coordinator/cli/habits.h"

namespace drumfire {
namespace {

TEST(MigratingTest, NamesOnlyFlagsThatAreSupported) {
  for (const Habit& each : Habits()) {
    if (each.kind == HabitKind::kRefused || each.kind == HabitKind::kAnyway) continue;
    for (const absl::string_view word : absl::StrSplit(each.ours, ' ', absl::SkipEmpty())) {
      if (!absl::StartsWith(word, "--")) continue;
      const FlagSpec* flag = FindFlag(word);
      ASSERT_NE(flag, nullptr) << word;
      EXPECT_EQ(flag->support, FlagSupport::kSupported) << word;
    }
  }
}

TEST(MigratingTest, SaysWhyWhereThereIsNothing) {
  for (const Habit& each : Habits()) {
    EXPECT_TRUE(!each.ours.empty() || !each.note.empty()) << each.name;
  }
}

TEST(MigratingTest, EveryHabitIsOnThePageUnderItsTool) {
  const std::string page = MigratingPage();
  for (const Habit& each : Habits()) {
    const size_t tool = page.find(absl::StrCat("## From ", each.tool, "\n"));
    ASSERT_NE(tool, std::string::npos) << each.tool;
    EXPECT_NE(page.find(absl::StrCat("| `", each.name), tool), std::string::npos) << each.name;
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
