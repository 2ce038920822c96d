// Flags of other load testers (vLLM's benchmark, GenAI-Perf, GuideLLM, k6, locust, hey): read as
// ours where they mean exactly the same, else answered with the flag that is meant. Nothing is
// guessed.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace drumfire {

enum class HabitKind {
  kSame,     // another name of `ours`, whose value it takes
  kAdds,     // `ours` in its place; VALUE in it stands for the value
  kAnyway,   // asks for what happens anyway; `ours` says in which way
  kRefused,  // `ours` says what to use instead
  // No flag of the parser's concern (a script's word, or a flag that both tools have): for the page
  // only. `ours` is a command's words, empty = there is none yet.
  kElsewhere,
};

struct Habit {
  absl::string_view tool;
  absl::string_view name;   // never one of our own flags, but for kElsewhere
  absl::string_view value;  // empty = a switch; "VALUE" = any; else the one value it is about
  HabitKind kind;
  absl::string_view ours;
  absl::string_view note = {};  // for the page
};

// The table, tool by tool and then in groups of one flag. No name and value occur twice.
absl::Span<const Habit> Habits();

struct TranslatedArguments {
  std::vector<std::string> words;
  std::vector<std::string> notes;            // one line for each flag that was read as ours
  std::map<std::string, std::string> typed;  // our flag -> the name it was typed under (kSame)
};

// The arguments with every foreign flag replaced. InvalidArgument is one line that names the flag
// and ours.
absl::StatusOr<TranslatedArguments> TranslateHabits(absl::Span<const std::string> arguments);

}  // namespace drumfire
