#include "coordinator/cli/completion.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "coordinator/cli/flag_values.h"
#include "coordinator/cli/flags.h"
#include "coordinator/cli/fleet_commands.h"

namespace drumfire {
namespace {

constexpr absl::string_view kCommands = "profile report fleet flags migrating man completion";
constexpr absl::string_view kFleetFlags =
    "--workers --worker-count --timeout --tls-cert --tls-key --tls-ca --fleet-token-file --hosts "
    "--days --renew --help";
constexpr absl::string_view kReportFlags = "--records --ui --help";

bool IsWord(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-' || c == '_';
  });
}

// The values of a choice ("chat|completions"); empty for any other value.
std::vector<std::string> ChoicesOf(const FlagSpec& flag) {
  std::vector<std::string> choices = absl::StrSplit(flag.value, '|');
  const bool is_choice = choices.size() > 1 && std::all_of(choices.begin(), choices.end(), IsWord);
  return is_choice ? choices : std::vector<std::string>();
}

bool TakesPath(const FlagSpec& flag) {
  return absl::StrContains(flag.value, "FILE") || absl::StrContains(flag.value, "DIR");
}

std::vector<const FlagSpec*> SupportedFlags() {
  std::vector<const FlagSpec*> flags;
  for (const FlagSpec& flag : ProfileFlags()) {
    if (flag.support == FlagSupport::kSupported) flags.push_back(&flag);
  }
  return flags;
}

std::string FleetNames() {
  std::vector<absl::string_view> names;
  for (const FleetCommand& command : FleetCommands()) names.push_back(command.name);
  return absl::StrJoin(names, " ");
}

// What follows a flag, as the cases of a bash or zsh `case`; complete(words) completes with words.
std::string BashCases() {
  std::string cases;
  for (const FlagSpec* flag : SupportedFlags()) {
    if (flag->kind == FlagKind::kSwitch) continue;
    const std::vector<std::string> choices = ChoicesOf(*flag);
    const std::string words = !choices.empty()
                                  ? absl::StrCat("-W '", absl::StrJoin(choices, " "), "'")
                              : TakesPath(*flag) ? "-f"
                                                 : "-W ''";
    absl::StrAppend(&cases, "    ", absl::StrJoin(NamesOf(*flag), "|"), ") COMPREPLY=($(compgen ",
                    words, " -- \"$cur\")); return ;;\n");
  }
  return cases;
}

std::string ProfileNames() {
  std::vector<absl::string_view> names;
  for (const FlagSpec* flag : SupportedFlags()) {
    for (const absl::string_view name : NamesOf(*flag)) names.push_back(name);
  }
  return absl::StrJoin(names, " ");
}

std::string BashScript() {
  return absl::StrCat(
      "# bash completion of drumfire, made by `drumfire completion bash`\n"
      "_drumfire() {\n"
      "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
      "  COMPREPLY=()\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
      "    COMPREPLY=($(compgen -W '",
      kCommands, " --help --version' -- \"$cur\")); return\n  fi\n", "  case \"$prev\" in\n",
      BashCases(), "    fleet) COMPREPLY=($(compgen -W '", FleetNames(),
      "' -- \"$cur\")); return ;;\n"
      "    completion) COMPREPLY=($(compgen -W 'bash zsh fish' -- \"$cur\")); return ;;\n"
      "  esac\n"
      "  case \"${COMP_WORDS[1]}\" in\n"
      "    profile) COMPREPLY=($(compgen -W '",
      ProfileNames(), "' -- \"$cur\")) ;;\n", "    report) COMPREPLY=($(compgen -W '", kReportFlags,
      "' -- \"$cur\") $(compgen -d -- \"$cur\")) ;;\n    fleet) COMPREPLY=($(compgen -W '",
      kFleetFlags, "' -- \"$cur\")) ;;\n  esac\n}\ncomplete -o filenames -F _drumfire drumfire\n");
}

// zsh runs bash's script by its own bashcompinit.
std::string ZshScript() {
  return absl::StrCat(
      "#compdef drumfire\n# zsh completion of drumfire, made by `drumfire "
      "completion zsh`\nautoload -Uz bashcompinit && bashcompinit\n",
      BashScript());
}

std::string FishFlag(const FlagSpec& flag) {
  std::string line = "complete -c drumfire -n '__fish_seen_subcommand_from profile'";
  for (const absl::string_view name : NamesOf(flag)) {
    const bool is_long = absl::StartsWith(name, "--");
    absl::StrAppend(&line, is_long ? " -l " : " -s ", name.substr(is_long ? 2 : 1));
  }
  if (flag.kind != FlagKind::kSwitch) absl::StrAppend(&line, TakesPath(flag) ? " -r -F" : " -x");
  const std::vector<std::string> choices = ChoicesOf(flag);
  if (!choices.empty()) absl::StrAppend(&line, " -a '", absl::StrJoin(choices, " "), "'");
  return absl::StrCat(line, " -d '", absl::StrReplaceAll(flag.help, {{"'", "\\'"}}), "'\n");
}

std::string FishScript() {
  std::string script = absl::StrCat(
      "# fish completion of drumfire, made by `drumfire completion fish`\n"
      "complete -c drumfire -f -n __fish_use_subcommand -a '",
      kCommands, "'\ncomplete -c drumfire -f -n '__fish_seen_subcommand_from fleet' -a '",
      FleetNames(), "'\n");
  for (const FlagSpec* flag : SupportedFlags()) absl::StrAppend(&script, FishFlag(*flag));
  return script;
}

}  // namespace

absl::StatusOr<std::string> CompletionScript(absl::string_view shell) {
  if (shell == "bash") return BashScript();
  if (shell == "zsh") return ZshScript();
  if (shell == "fish") return FishScript();
  return FlagError("completion", shell.empty() ? "no shell" : Quoted(shell), "bash, zsh or fish");
}

}  // namespace drumfire
