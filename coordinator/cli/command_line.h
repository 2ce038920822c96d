// The command in a form that may be stored.
#pragma once

#include <string>

#include "coordinator/cli/flag_values.h"

namespace drumfire {

// "drumfire profile ..." with the flags that had an effect, in the order given, quoted for a shell;
// keys, and values of secret headers and query keys, are "<redacted>".
std::string RedactedCommand(const FlagValues& values);

}  // namespace drumfire
