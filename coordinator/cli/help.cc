#include "coordinator/cli/help.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "common/plan/version.h"
#include "coordinator/cli/flags.h"
#include "coordinator/cli/fleet_commands.h"
#include "coordinator/cli/habits.h"

namespace drumfire {
namespace {

constexpr size_t kHelpColumns = 80;
constexpr absl::string_view kIndent = "      ";

// Breaks text at blanks so that no line is longer than the columns; each line is indented.
std::string Wrapped(absl::string_view text) {
  std::string lines;
  std::string line(kIndent);
  for (absl::string_view word : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    const bool full = line.size() > kIndent.size() && line.size() + 1 + word.size() > kHelpColumns;
    if (full) {
      absl::StrAppend(&lines, line, "\n");
      line = std::string(kIndent);
    }
    absl::StrAppend(&line, line.size() > kIndent.size() ? " " : "", word);
  }
  return absl::StrCat(lines, line, "\n");
}

// The names, broken after a comma where they are too long for a line.
std::string NameLines(const FlagSpec& flag) {
  std::string lines;
  std::string line = " ";
  for (const absl::string_view name : NamesOf(flag)) {
    if (line.size() + name.size() + 2 > kHelpColumns) {
      absl::StrAppend(&lines, line, "\n");
      line = "     ";
    }
    absl::StrAppend(&line, " ", name, ",");
  }
  line.pop_back();
  if (!flag.value.empty() && line.size() + flag.value.size() + 1 > kHelpColumns) {
    absl::StrAppend(&lines, line, "\n");
    line = "     ";
  }
  return absl::StrCat(lines, line, flag.value.empty() ? "" : " ", flag.value, "\n");
}

std::string FlagHelp(const FlagSpec& flag) {
  std::string help(flag.help);
  if (!flag.default_text.empty()) absl::StrAppend(&help, " (default: ", flag.default_text, ")");
  return absl::StrCat(NameLines(flag), Wrapped(help));
}

std::string Names(const FlagSpec& flag) {
  return absl::StrCat("`", absl::StrJoin(NamesOf(flag), "`, `"), "`");
}

std::string Cell(absl::string_view text) { return absl::StrReplaceAll(text, {{"|", "\\|"}}); }

std::string SupportedRows() {
  std::string rows;
  absl::string_view group;
  for (const FlagSpec& flag : ProfileFlags()) {
    if (flag.support != FlagSupport::kSupported) continue;
    if (flag.group != group) {
      group = flag.group;
      absl::StrAppend(&rows, "\n## ", group,
                      "\n| Flag | Value | Default | Meaning |\n|---|---|---|---|\n");
    }
    absl::StrAppend(&rows, "| ", Names(flag), " | ", Cell(flag.value), " | ",
                    Cell(flag.default_text), " | ", Cell(flag.help), " |\n");
  }
  return rows;
}

std::string NamesWith(FlagSupport support) {
  std::vector<std::string> names;
  for (const FlagSpec& flag : ProfileFlags()) {
    if (flag.support == support) names.push_back(Names(flag));
  }
  return absl::StrCat(absl::StrJoin(names, ",\n"), "\n");
}

std::string HabitRow(const Habit& habit) {
  const std::string theirs = absl::StrCat(habit.name, habit.value.empty() ? "" : " ", habit.value);
  const bool is_flag = habit.kind == HabitKind::kSame || habit.kind == HabitKind::kAdds;
  return absl::StrCat("| `", theirs, "` | ", habit.kind == HabitKind::kRefused ? "refused: " : "",
                      is_flag ? "`" : "", habit.ours,
                      habit.kind == HabitKind::kSame ? " VALUE" : "", is_flag ? "`" : "", " |\n");
}

std::string HabitRows() {
  std::string rows;
  for (const Habit& habit : Habits()) {
    if (habit.kind != HabitKind::kElsewhere) absl::StrAppend(&rows, HabitRow(habit));
  }
  return rows;
}

std::string FleetLines() {
  std::string lines;
  for (const FleetCommand& command : FleetCommands()) {
    absl::StrAppendFormat(&lines, "  %-39s  %s\n", absl::StrCat("drumfire fleet ", command.name),
                          command.help);
  }
  return lines;
}

}  // namespace

std::string CommandsHelp() {
  return absl::StrCat(
      "drumfire ", kVersion,
      ": distributed load tester for LLM inference servers\n\n"
      "  drumfire profile --model NAME --url URL  run a load test and print its report\n"
      "  drumfire report DIR                      rewrite the results of a run\n",
      FleetLines(),
      "  drumfire flags                           docs/flags.md\n"
      "  drumfire migrating                       docs/migrating.md\n"
      "  drumfire man                             the manual page, as roff\n"
      "  drumfire completion bash|zsh|fish        shell completion\n"
      "  drumfire --version\n\n"
      "The first five commands accept --help.\n\n"
      "Exit codes: 0 valid, 1 run failed, 2 bad input, 3 run INVALID,\n"
      "4 a --fail-if goal was missed.\n\nExamples\n",
      ProfileExamples());
}

std::string ProfileExamples() {
  return R"(  # 8 requests in flight, 200 requests in total
  drumfire profile --model my-model --url http://localhost:8000 --streaming \
    --isl 550 --osl 128 --concurrency 8 --request-count 200
  # 20 requests/s for a minute, with goals for each request
  drumfire profile --model my-model --url http://localhost:8000 --streaming \
    --osl 128 --request-rate 20 --benchmark-duration 60 \
    --goodput "time_to_first_token:200 inter_token_latency:30"
  # show what would be sent
  drumfire profile --model my-model --request-rate 20 --request-count 100 \
    --dry-run --schedule-out schedule.jsonl
)";
}

std::string ProfileHelp() {
  std::string text = absl::StrCat(
      "drumfire profile [@FILE] --model NAME --url URL [flags]\n\n"
      "The flags in FILE, quoted as in a shell, come before the others. Times are\n"
      "in seconds unless a flag says otherwise; 500ms, 2m and 1h also work. Lists\n"
      "are repeated, or separated by blanks or commas.\n\n"
      "Examples\n",
      ProfileExamples());
  absl::string_view group;
  for (const FlagSpec& flag : ProfileFlags()) {
    if (flag.support != FlagSupport::kSupported) continue;
    if (flag.group != group) absl::StrAppend(&text, "\n", flag.group, "\n");
    group = flag.group;
    absl::StrAppend(&text, FlagHelp(flag));
  }
  return text;
}

std::string FlagsPage() {
  return absl::StrCat(
      "# Flags of `drumfire profile`\n\n"
      "Generated by `drumfire flags > docs/flags.md` from the parser's table. Times are in seconds "
      "unless a flag says\n"
      "otherwise; 500ms, 2m and 1h also work. Choices may be written in kebab-case or "
      "snake_case.\n"
      "Lists are repeated, or separated by blanks or commas. Giving any other flag twice is an "
      "error.\n"
      "If the first argument is `@FILE`, flags are read from that file: words separated by "
      "blanks and newlines,\n"
      "quotes (single or double) around words with blanks, `#` before a comment.\n",
      SupportedRows(),
      "\n## Flags of other tools\nThese are accepted, with a note, if they mean exactly the same. "
      "Otherwise they are refused (exit code 2) with the\nright flag. `--host` and `--port` "
      "together form a `--url`; `--metric-percentiles` may name percentiles that the results "
      "contain.\n\n"
      "| Flag | Read as |\n|---|---|\n",
      HabitRows(), "\n## AIPerf's flags that are accepted without effect\nA note says so.\n\n",
      NamesWith(FlagSupport::kNoEffect),
      "\n## AIPerf's flags that are refused\nThese change the load or its meaning, so they are "
      "refused (exit code 2) unless their value is the default.\n\n",
      NamesWith(FlagSupport::kRefused));
}

}  // namespace drumfire
