// Lists in flags, and shell quoting.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace drumfire {

// The elements of a list flag: repeated, or separated by commas or blanks within a value. Empty
// ones are skipped.
std::vector<std::string> SplitList(const std::vector<std::string>& values);

// The same for names that may contain blanks: only commas separate, blanks around an element go,
// and "\\," is a comma within one.
std::vector<std::string> SplitNames(const std::vector<std::string>& values);

// The text as one word of a POSIX shell.
std::string ShellWord(absl::string_view text);

}  // namespace drumfire
