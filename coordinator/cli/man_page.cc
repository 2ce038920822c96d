#include "coordinator/cli/man_page.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "common/plan/version.h"
#include "coordinator/cli/command_help.h"
#include "coordinator/cli/flags.h"
#include "coordinator/cli/fleet_commands.h"
#include "coordinator/cli/help.h"

namespace drumfire {
namespace {

// Text as roff takes it: no escape, no request at the begin of a line, real minus signs.
std::string Roff(absl::string_view text) {
  std::string lines;
  const std::string escaped = absl::StrReplaceAll(text, {{"\\", "\\e"}, {"-", "\\-"}});
  for (const absl::string_view line : absl::StrSplit(escaped, '\n')) {
    const bool is_request = absl::StartsWith(line, ".") || absl::StartsWith(line, "'");
    absl::StrAppend(&lines, lines.empty() ? "" : "\n", is_request ? "\\&" : "", line);
  }
  return lines;
}

std::string Verbatim(absl::string_view text) { return absl::StrCat(".nf\n", Roff(text), ".fi\n"); }

std::string FlagEntry(const FlagSpec& flag) {
  std::string entry = absl::StrCat(".TP\n\\fB", Roff(absl::StrJoin(NamesOf(flag), ", ")), "\\fR");
  if (!flag.value.empty()) absl::StrAppend(&entry, " \\fI", Roff(flag.value), "\\fR");
  absl::StrAppend(&entry, "\n", Roff(flag.help));
  if (!flag.default_text.empty())
    absl::StrAppend(&entry, " (default: ", Roff(flag.default_text), ")");
  return absl::StrCat(entry, "\n");
}

std::string FlagSections() {
  std::string text;
  absl::string_view group;
  for (const FlagSpec& flag : ProfileFlags()) {
    if (flag.support != FlagSupport::kSupported) continue;
    if (flag.group != group) absl::StrAppend(&text, ".SS ", flag.group, "\n");
    group = flag.group;
    absl::StrAppend(&text, FlagEntry(flag));
  }
  return text;
}

std::string CommandSections() {
  std::string text = absl::StrCat(".SS report\n", Verbatim(ReportHelp()));
  for (const FleetCommand& command : FleetCommands()) {
    absl::StrAppend(&text, ".SS fleet ", command.name, "\n",
                    Verbatim(FleetCommandHelp(command.name)));
  }
  return text;
}

}  // namespace

std::string ManPage() {
  return absl::StrCat(
      ".TH DRUMFIRE 1 \"\" \"drumfire ", kVersion, "\" \"User Commands\"\n",
      ".SH NAME\ndrumfire \\- distributed load tester for LLM inference servers\n",
      ".SH SYNOPSIS\n\\fBdrumfire\\fR \\fICOMMAND\\fR [\\fIflags\\fR]\n", ".SH COMMANDS\n",
      Verbatim(CommandsHelp()), ".SH FLAGS OF PROFILE\n",
      "Times are in seconds unless a flag says otherwise; 500ms, 2m and 1h also work. "
      "Lists are repeated, or separated by blanks or commas.\n",
      FlagSections(), ".SH OTHER COMMANDS\n", CommandSections(), ".SH ENVIRONMENT\n",
      ".TP\n\\fBNO_COLOR\\fR\nIf set, output on a terminal has no colour.\n", ".SH SEE ALSO\n",
      "\\fBdrumfire\\-worker\\fR(1), \\fBdrumfire\\-mock\\fR(1)\n");
}

}  // namespace drumfire
