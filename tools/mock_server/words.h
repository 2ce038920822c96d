// The text that the mock server "generates".
#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"

namespace drumfire::mock {

// The text of output token `index`: a space and a common English word, which is one token of
// o200k_base (and of most other vocabularies), so that n of them in a row count as n tokens on the
// client's side.
absl::string_view TokenWord(uint64_t index);

}  // namespace drumfire::mock
