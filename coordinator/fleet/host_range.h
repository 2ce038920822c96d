// Expands host names with ranges, in the notation of clusters and Slurm: "node[01-04,7]",
// "rack[1-2]n[1-4]". Numbers keep the leading zeros of a range's first number.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace drumfire {

// The names, with the last group counting fastest. The message of InvalidArgument follows "found X:
// ". Nothing is expanded if it would give more than `most` names.
absl::StatusOr<std::vector<std::string>> ExpandHosts(absl::string_view text, size_t most);

// Splits at commas and blanks outside of brackets; skips empty parts.
std::vector<absl::string_view> SplitHosts(absl::string_view text);

}  // namespace drumfire
