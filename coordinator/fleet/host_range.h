// Host names with ranges, as clusters and Slurm write them: "node[01-04,7]", "rack[1-2]n[1-4]".
// Numbers keep the zeros that a range's first one begins with.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace drumfire {

// The names, the last group counting fastest. InvalidArgument says what is wrong, in words that
// follow "found X: "; nothing is expanded that would give more than `most` names.
absl::StatusOr<std::vector<std::string>> ExpandHosts(absl::string_view text, size_t most);

// Cut at commas and blanks that stand outside of brackets; empty parts are left out.
std::vector<absl::string_view> SplitHosts(absl::string_view text);

}  // namespace drumfire
