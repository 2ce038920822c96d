// Text of the other side that a terminal will see.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace drumfire {

// Printable ASCII stays, any other byte becomes '?'; what is longer than most_bytes ends in "...".
std::string Printable(absl::string_view text, size_t most_bytes);

}  // namespace drumfire
