// Makes the other side's text safe for a terminal.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace drumfire {

// Printable ASCII stays; any other byte becomes '?'. Text longer than most_bytes ends in "...".
std::string Printable(absl::string_view text, size_t most_bytes);

}  // namespace drumfire
