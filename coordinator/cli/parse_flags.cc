// Flags by CLI11: it knows how command lines are cut up (--flag=value, -Hvalue, lists), the table
// knows the flags.
#include <CLI/CLI.hpp>
#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/status/status_macros.h"
#include "coordinator/cli/flag_values.h"
#include "coordinator/cli/flags.h"
#include "coordinator/cli/habits.h"

namespace drumfire {
namespace {

// CLI11's name list: "--model,-m".
std::string CliNames(const FlagSpec& flag) { return absl::StrJoin(NamesOf(flag), ","); }

CLI::Option* AddFlag(const FlagSpec& flag, CLI::App* app) {
  if (flag.kind == FlagKind::kSwitch) {
    return app->add_flag(CliNames(flag))->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }
  CLI::Option* option = app->add_option(CliNames(flag), "");
  option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  if (flag.kind == FlagKind::kValue) return option->expected(1);
  return option->expected(1, CLI::detail::expected_max_vector_size)->allow_extra_args();
}

// The name under which a flag was typed; the last when there were several.
std::string SpelledIn(absl::Span<const std::string> arguments, const FlagSpec& flag) {
  std::string spelled(PrimaryName(flag));
  const std::vector<absl::string_view> names = NamesOf(flag);
  for (const std::string& argument : arguments) {
    const std::string name = argument.substr(0, argument.find('='));
    if (std::find(names.begin(), names.end(), name) != names.end()) spelled = name;
  }
  return spelled;
}

absl::Status Unknown(const std::string& argument) {
  const std::string name = argument.substr(0, argument.find('='));
  if (name.size() < 2 || name.front() != '-') {
    return UsageError("unexpected argument",
                      absl::StrCat(Quoted(argument), "; see drumfire profile --help"));
  }
  const absl::string_view nearest = NearestFlag(name);
  return UsageError("unknown flag",
                    nearest.empty() ? absl::StrCat(Escaped(name), "; see drumfire profile --help")
                                    : absl::StrCat(Escaped(name), "; did you mean ", nearest, "?"));
}

absl::Status Understand(CLI::App* app, absl::Span<const std::string> arguments) {
  // CLI11 takes the arguments last first.
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    app->parse(reversed);
  } catch (const CLI::ArgumentMismatch&) {
    // Every flag takes one value of any form, so only the last one can lack it.
    return ValueMissing(arguments.back());
  } catch (const CLI::Error& error) {
    return UsageError("bad arguments:",
                      absl::StrCat(Quoted(error.what()), "; see drumfire profile --help"));
  }
  const std::vector<std::string> extras = app->remaining();
  return extras.empty() ? absl::OkStatus() : Unknown(extras.front());
}

// A refused flag that asks for its default asks for nothing.
bool AsksForDefault(const FlagSpec& flag, const std::vector<std::string>& values) {
  if (flag.default_text.empty() || values.size() != 1) return false;
  double given = 0;
  double default_value = 0;
  if (absl::SimpleAtod(values[0], &given) && absl::SimpleAtod(flag.default_text, &default_value)) {
    return given == default_value;
  }
  return values[0] == flag.default_text;
}

bool IsOff(const FlagSpec& flag, const std::vector<std::string>& values) {
  return flag.kind == FlagKind::kSwitch && !values.empty() && values.back() == "false";
}

absl::Status Take(const FlagSpec& flag, GivenFlag given, ParsedFlags* parsed) {
  if (IsOff(flag, given.values)) return absl::OkStatus();
  if (flag.support == FlagSupport::kNoEffect) {
    parsed->notes.push_back(absl::StrCat(given.spelled, " is accepted but has no effect yet"));
    return absl::OkStatus();
  }
  if (flag.support == FlagSupport::kRefused) {
    if (AsksForDefault(flag, given.values)) return absl::OkStatus();
    return UsageError(given.spelled, "is a flag of AIPerf that is not supported yet; remove it");
  }
  if (flag.kind == FlagKind::kValue && given.values.size() > 1) {
    return TooManyValues(given.spelled, given.values.size());
  }
  if (flag.kind == FlagKind::kSwitch) given.values.clear();
  parsed->values.Add(PrimaryName(flag), std::move(given));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ParsedFlags> ParseFlags(absl::Span<const std::string> given_arguments) {
  DRUMFIRE_ASSIGN_OR_RETURN(TranslatedArguments ours, TranslateHabits(given_arguments));
  const std::vector<std::string>& arguments = ours.words;
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  std::map<const CLI::Option*, const FlagSpec*> specs;
  for (const FlagSpec& flag : ProfileFlags()) specs.emplace(AddFlag(flag, &app), &flag);
  DRUMFIRE_RETURN_IF_ERROR(Understand(&app, arguments));
  ParsedFlags parsed;
  parsed.notes = std::move(ours.notes);
  std::vector<const FlagSpec*> seen;
  for (const CLI::Option* option : app.parse_order()) {
    const FlagSpec* flag = specs.at(option);
    if (std::find(seen.begin(), seen.end(), flag) != seen.end()) continue;
    seen.push_back(flag);
    const auto typed = ours.typed.find(std::string(PrimaryName(*flag)));
    GivenFlag given{typed != ours.typed.end() ? typed->second : SpelledIn(arguments, *flag),
                    option->results()};
    DRUMFIRE_RETURN_IF_ERROR(Take(*flag, std::move(given), &parsed));
  }
  return parsed;
}

}  // namespace drumfire
