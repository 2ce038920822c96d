// Makes any bytes valid UTF-8, the way the reference tokenizers see them.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace drumfire {

// The text itself when it is valid; otherwise *storage, where each maximal invalid part has become
// U+FFFD.
absl::string_view ToValidUtf8(absl::string_view text, std::string* storage);

}  // namespace drumfire
