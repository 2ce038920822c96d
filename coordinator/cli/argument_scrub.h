// Secrets out of the program's own arguments: whoever may list processes sees those.
#pragma once

#include "absl/types/span.h"

namespace drumfire {

// Overwrites, in place and with 'x', what may be a secret: values of --api-key, values behind
// secret names (headers, "Authorization: ..."), user and password of URLs. Rather too much than too
// little, since mistyped commands are scrubbed too. To be called once the arguments are copied.
void ScrubArguments(absl::Span<char* const> arguments);

}  // namespace drumfire
