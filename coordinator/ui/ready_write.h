// Writes to a terminal or pipe whose reader may have stalled (Ctrl-S, a pager), without ever
// waiting for it.
#pragma once

#include "absl/strings/string_view.h"

namespace drumfire {

// Writes the text to a terminal, pipe, socket or file as far as it takes it now. False when it did
// not take all. Any thread.
bool WriteIfReady(int file_descriptor, absl::string_view text);

}  // namespace drumfire
