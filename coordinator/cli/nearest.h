// Finds the word that a user probably meant.
#pragma once

#include <cstddef>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace drumfire {

// Insertions, deletions, substitutions and swaps of neighbours that turn one into the other
// (optimal string alignment).
size_t EditDistance(absl::string_view a, absl::string_view b);

// The shortest candidate that contains the word (--rate: --request-rate), or else the one with the
// smallest distance; the first of equals. Empty if even that differs in more than a third of the
// word, and for words over 64 bytes.
absl::string_view Nearest(absl::string_view word, absl::Span<const absl::string_view> candidates);

}  // namespace drumfire
