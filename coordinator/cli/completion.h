// Shell completion, made from the flag table: `drumfire completion bash|zsh|fish`.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace drumfire {

// InvalidArgument for an unsupported shell.
absl::StatusOr<std::string> CompletionScript(absl::string_view shell);

}  // namespace drumfire
