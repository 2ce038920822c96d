// Texts that open doors: how they are compared and what they may be. Errors never repeat them.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace drumfire {

constexpr size_t kShortestFleetToken = 16;
constexpr size_t kLongestSecret = 4096;

// Takes the same time whatever the texts are.
bool SameSecret(absl::string_view a, absl::string_view b);

// The one line of a secret's file (an API key, say), without the blanks around it. InvalidArgument
// in the words "found ..., expected ..." when it is empty, more than one line, too long, or not
// visible ASCII.
absl::StatusOr<std::string> ParseSecret(absl::string_view file_text);

// As ParseSecret, and long enough not to be guessed.
absl::StatusOr<std::string> ParseFleetToken(absl::string_view file_text);

}  // namespace drumfire
