// Reads the API key from a flag, a file or the environment. Errors never repeat it.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "coordinator/cli/flag_reader.h"
#include "coordinator/cli/profile_inputs.h"

namespace drumfire {

struct ApiKey {
  absl::string_view flag;  // the flag that supplied it
  std::string key;
};

// Nothing if none was given, or after an error.
std::optional<ApiKey> ReadApiKey(FlagReader* flags, const ProfileInputs& inputs);

}  // namespace drumfire
