// How many columns of a terminal a text takes, and cutting it to fit. Text is UTF-8: wide East
// Asian characters and emoji take two columns, combining marks none, bytes that are not UTF-8 one
// each.
#pragma once

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace drumfire {

size_t DisplayWidth(absl::string_view text);

// Bytes of the longest prefix that takes at most `columns`; never cuts inside a character.
size_t PrefixBytes(absl::string_view text, size_t columns);

// The text on one line, control characters as spaces, cut to `columns`: "..." replaces the end, or
// the middle (for names and addresses, which differ at both ends).
std::string FitEnd(absl::string_view text, size_t columns);
std::string FitMiddle(absl::string_view text, size_t columns);

// Blanks after (or before) the text up to `columns`; longer text stays as it is.
std::string PadRight(absl::string_view text, size_t columns);
std::string PadLeft(absl::string_view text, size_t columns);

// Control characters as spaces.
std::string WithoutControls(absl::string_view text);

}  // namespace drumfire
