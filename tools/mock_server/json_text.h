// JSON string literals.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace drumfire::mock {

// The text with quotes and escapes; bytes that are not UTF-8 become U+FFFD.
std::string JsonQuoted(absl::string_view text);

}  // namespace drumfire::mock
