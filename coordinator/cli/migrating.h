// docs/migrating.md: how commands of other load testers read here. AIPerf's part is made from the
// flag table, the others' from a table of their words, whose flags are checked against it.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace drumfire {

// One flag or habit of another tool.
struct Migration {
  absl::string_view tool;
  absl::string_view theirs;
  absl::string_view ours;  // flags of `drumfire profile` with values; empty = there is none yet
  absl::string_view note;
};
// Tool by tool.
absl::Span<const Migration> Migrations();

// First names of all flags of `aiperf profile` 0.13.
absl::Span<const absl::string_view> AiperfFlags();

// The page. `drumfire migrating` prints it.
std::string MigratingPage();

}  // namespace drumfire
