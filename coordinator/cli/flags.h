// Every flag of `drumfire profile` as data: its names, its group, how many values it takes and how
// far it is supported. Parsing, --help, the nearest-flag hint and docs/flags.md are views of this
// table.
#pragma once

#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace drumfire {

enum class FlagKind {
  kSwitch,  // takes no value
  kValue,   // takes one, given once
  kList,    // takes several, and may be repeated
};

enum class FlagSupport {
  kSupported,
  kNoEffect,  // AIPerf's, harmless: accepted, with a note that it has no effect yet
  kRefused,   // AIPerf's, changes the load or its meaning: an error unless its value is the default
};

struct FlagSpec {
  absl::string_view names;  // separated by spaces; code and help use the first
  absl::string_view group;
  FlagKind kind;
  FlagSupport support;
  absl::string_view value;         // description of the value, for the help
  absl::string_view default_text;  // empty = none
  absl::string_view help;
};

// All flags, group by group in the order of the help. Never freed.
const std::vector<FlagSpec>& ProfileFlags();

// The names of a flag, primary name first.
std::vector<absl::string_view> NamesOf(const FlagSpec& flag);
absl::string_view PrimaryName(const FlagSpec& flag);

// The flag of that name ("--isl", "-m"), or null.
const FlagSpec* FindFlag(absl::string_view name);

// The known long name with the smallest edit distance, or empty if none is near.
absl::string_view NearestFlag(absl::string_view name);

// Parts of the table, one file each.
absl::Span<const FlagSpec> TargetFlags();    // endpoint, connections, tokenizer
absl::Span<const FlagSpec> WorkloadFlags();  // prompts, files, load, warmup
absl::Span<const FlagSpec> RunFlags();       // results, fleet, engine
absl::Span<const FlagSpec> UnsupportedFlags();

}  // namespace drumfire
