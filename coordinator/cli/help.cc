#include "coordinator/cli/help.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "common/plan/version.h"
#include "coordinator/cli/flags.h"
#include "coordinator/cli/fleet_commands.h"

namespace drumfire {
namespace {

constexpr size_t kHelpColumns = 100;
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

std::string FlagHelp(const FlagSpec& flag) {
  std::string text = absl::StrCat("  ", absl::StrJoin(NamesOf(flag), ", "));
  if (!flag.value.empty()) absl::StrAppend(&text, " ", flag.value);
  std::string help(flag.help);
  if (!flag.default_text.empty()) absl::StrAppend(&help, " (default: ", flag.default_text, ")");
  return absl::StrCat(text, "\n", Wrapped(help));
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

std::string FleetLines() {
  std::string lines;
  for (const FleetCommand& command : FleetCommands()) {
    const std::string usage = absl::StrCat("drumfire fleet ", command.name, " ", command.usage);
    absl::StrAppendFormat(&lines, "  %-48s  %s\n", usage, command.help);
  }
  return lines;
}

}  // namespace

std::string CommandsHelp() {
  return absl::StrCat(
      "drumfire ", kVersion,
      ": distributed load tester for LLM inference servers\n\n"
      "  drumfire profile --model NAME --url URL [flags]   run a load test and report on it\n"
      "  drumfire profile --help                           all its flags\n"
      "  drumfire report FOLDER [--records]                write the results of a run again\n",
      FleetLines(),
      "  drumfire flags                                    docs/flags.md\n"
      "  drumfire --version\n\n"
      "Exit codes: 0 valid, 1 run failed, 2 bad input, 3 run INVALID, 4 a --fail-if goal "
      "was missed.\n");
}

std::string ProfileHelp() {
  std::string text =
      "drumfire profile [@FILE] --model NAME --url URL [flags]\n\n"
      "The flags in FILE, in words as a shell takes them, come before the others.\n"
      "Times are seconds unless a flag says otherwise; 500ms, 2m and 1h are understood as well.\n"
      "Lists are repeated, or separated by blanks or commas.\n";
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
      "Made by `drumfire flags > docs/flags.md` from the table that the parser uses. Times are "
      "seconds unless a flag says\n"
      "otherwise; 500ms, 2m and 1h are understood as well. Values of a choice may be written in "
      "kebab-case or snake_case.\n"
      "Lists are repeated, or separated by blanks or commas. Any other flag given twice is an "
      "error.\n"
      "A first argument `@FILE` stands for the flags in that file: words separated by blanks and "
      "line ends, quotes\n"
      "(single or double) around words with blanks, `#` before a comment.\n",
      SupportedRows(),
      "\n## AIPerf's flags that are accepted and do nothing yet\nOne line says so.\n\n",
      NamesWith(FlagSupport::kNoEffect),
      "\n## AIPerf's flags that are refused\nThey change the load or what it means, so nothing "
      "starts (exit code 2) "
      "unless they ask for their default.\n\n",
      NamesWith(FlagSupport::kRefused));
}

}  // namespace drumfire
