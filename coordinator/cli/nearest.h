// The word somebody probably meant.
#pragma once

#include <cstddef>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace drumfire {

// Insertions, deletions, substitutions and swaps of neighbours that turn one into the other
// (optimal string alignment).
size_t EditDistance(absl::string_view a, absl::string_view b);

// The shortest candidate that has the word as a part (--rate: --request-rate), else the one with
// the smallest distance; the first of equals. Empty when even that differs in more than a third of
// the word. Words over 64 bytes are nobody's typing error: empty.
absl::string_view Nearest(absl::string_view word, absl::Span<const absl::string_view> candidates);

}  // namespace drumfire
