// Removes secrets from the program's own arguments, which are visible in the process list.
#pragma once

#include "absl/types/span.h"

namespace drumfire {

// Overwrites, in place and with 'x', anything that may be a secret: values of --api-key, values
// behind secret names (headers, "Authorization: ..."), user, password and secret query values of
// URLs. Errs on the side of too much, since mistyped commands are scrubbed too. Call after copying
// the arguments.
void ScrubArguments(absl::Span<char* const> arguments);

}  // namespace drumfire
