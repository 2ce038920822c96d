// Shell completion, made from the flag table: `drumfire completion bash|zsh|fish`.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace drumfire {

// InvalidArgument for a shell that we have no script for.
absl::StatusOr<std::string> CompletionScript(absl::string_view shell);

}  // namespace drumfire
