#include "coordinator/cli/migrating.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "coordinator/cli/flags.h"
#include "coordinator/cli/habits.h"

namespace drumfire {
namespace {

std::string Code(absl::string_view text) { return absl::StrCat("`", text, "`"); }

std::string AiperfFlagsWith(FlagSupport support) {
  std::vector<std::string> names;
  for (const absl::string_view name : AiperfFlags()) {
    const FlagSpec* flag = FindFlag(name);
    if (flag != nullptr && flag->support == support) names.push_back(Code(name));
  }
  return absl::StrCat(names.size(), ": ", absl::StrJoin(names, ",\n"), ".\n");
}

std::string MarkdownCell(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"|", "\\|"}});
}

// Flags to type in its place, as far as there are some.
std::string Here(const Habit& habit) {
  switch (habit.kind) {
    case HabitKind::kSame:
      return Code(absl::StrCat(habit.ours, " ", habit.value));
    case HabitKind::kAdds:
      return Code(habit.ours);
    case HabitKind::kElsewhere:
      return habit.ours.empty() ? "-" : Code(MarkdownCell(habit.ours));
    default:
      return "-";
  }
}

std::string Remark(const Habit& habit) {
  std::string text;
  switch (habit.kind) {
    case HabitKind::kSame:
    case HabitKind::kAdds:
      text = "works as typed";
      break;
    case HabitKind::kAnyway:
      text = absl::StrCat("works as typed: ", habit.ours);
      break;
    case HabitKind::kRefused:
      text = absl::StrCat("refused; use ", habit.ours);
      break;
    case HabitKind::kElsewhere:
      return MarkdownCell(habit.note);
  }
  return MarkdownCell(habit.note.empty() ? text : absl::StrCat(text, "; ", habit.note));
}

std::string OtherTools() {
  std::string text;
  absl::string_view tool;
  for (const Habit& each : Habits()) {
    if (each.tool != tool) {
      absl::StrAppend(&text, "\n## From ", each.tool, "\n\n| there | here | |\n|---|---|---|\n");
    }
    tool = each.tool;
    const std::string theirs = absl::StrCat(each.name, each.value.empty() ? "" : " ", each.value);
    absl::StrAppend(&text, "| ", Code(MarkdownCell(theirs)), " | ", Here(each), " | ", Remark(each),
                    " |\n");
  }
  return text;
}

}  // namespace

std::string MigratingPage() {
  return absl::StrCat(
      "# Migrating from other load testers\n\n"
      "Made by `drumfire migrating > docs/migrating.md` from the table that the parser uses: do "
      "not "
      "edit. `drumfire profile --dry-run` with\n"
      "the flags of a command says whether they are understood, and what would be sent.\n\n"
      "## From AIPerf\n\n"
      "`aiperf profile` becomes `drumfire profile`; result files have AIPerf's names, fields and "
      "units ([results.md](results.md)). Names that AIPerf has for\n"
      "the same flag work as well ([flags.md](flags.md)).\n\n"
      "### Works as it is\n\n",
      AiperfFlagsWith(FlagSupport::kSupported),
      "\n### Accepted, without effect\n\nThe load and the figures are the same without them; one "
      "line says so.\n\n",
      AiperfFlagsWith(FlagSupport::kNoEffect),
      "\n### Not yet\n\nThey change the load or what it means, so nothing starts (exit code 2), "
      "unless they ask for their default.\n\n",
      AiperfFlagsWith(FlagSupport::kRefused),
      "\n### What differs\n\n"
      "- A run prints one screen; `--ui full` prints AIPerf's tables. `profile_export_console.txt` "
      "has both.\n"
      "- Every run ends in a verdict; INVALID is exit code 3 ([verdict.md](verdict.md)).\n"
      "- Exit code 1 stands for a run in which nothing was answered, or that was interrupted.\n",
      OtherTools());
}

}  // namespace drumfire
