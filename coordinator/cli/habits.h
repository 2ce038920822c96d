// Flags of other load testers (vLLM's benchmark, GenAI-Perf, GuideLLM, k6, locust, hey): translated
// to ours if they mean exactly the same, and otherwise refused with the right flag. Nothing is
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
  kAdds,     // replaced by `ours`, in which VALUE is replaced by the value
  kAnyway,   // describes what happens anyway; `ours` explains it
  kRefused,  // `ours` says what to use instead
  // Not handled by the parser (a script's word, or a flag that both tools have): only for the page.
  // `ours` is the equivalent, empty = none yet.
  kElsewhere,
};

struct Habit {
  absl::string_view tool;
  absl::string_view name;   // never one of our own flags, except for kElsewhere
  absl::string_view value;  // empty = a switch; "VALUE" = any; else the one value it is about
  HabitKind kind;
  absl::string_view ours;
  absl::string_view note = {};  // for the page
};

// The table, tool by tool and then in groups of one flag. No name and value occur twice.
absl::Span<const Habit> Habits();

struct TranslatedArguments {
  std::vector<std::string> words;
  std::vector<std::string> notes;            // one line per translated flag
  std::map<std::string, std::string> typed;  // our flag -> the name it was typed under (kSame)
};

// Replaces every foreign flag in the arguments. InvalidArgument is one line that names the flag and
// ours.
absl::StatusOr<TranslatedArguments> TranslateHabits(absl::Span<const std::string> arguments);

}  // namespace drumfire
