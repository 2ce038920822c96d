// Small files as a whole.
#pragma once

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"

namespace drumfire {

// Pipes are read to their end, too. Errors name the path and the cause: NOT_FOUND when it cannot be
// read, INVALID_ARGUMENT when it is longer.
absl::StatusOr<std::string> ReadSmallFile(const std::string& path, size_t max_bytes);

}  // namespace drumfire
