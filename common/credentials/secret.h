// Comparing and checking secrets. Errors never repeat them.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace drumfire {

constexpr size_t kShortestFleetToken = 16;
constexpr size_t kLongestSecret = 4096;

// Compares in constant time.
bool SameSecret(absl::string_view a, absl::string_view b);

// The single line of a secret's file (an API key, for example), without surrounding blanks.
// InvalidArgument ("found ..., expected ...") if it is empty, more than one line, too long, or not
// visible ASCII.
absl::StatusOr<std::string> ParseSecret(absl::string_view file_text);

// Like ParseSecret, and requires a length that cannot be guessed.
absl::StatusOr<std::string> ParseFleetToken(absl::string_view file_text);

}  // namespace drumfire
