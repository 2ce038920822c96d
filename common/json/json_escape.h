// UTF-8 text -> the inside of a JSON string. Fast, as prompts of a whole trace go through it.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace drumfire {

// Appends text with quotes, backslashes and control bytes escaped; all other bytes pass as they
// are.
void AppendJsonEscaped(absl::string_view text, std::string* out);

// The same between quotes.
void AppendJsonString(absl::string_view text, std::string* out);

}  // namespace drumfire
