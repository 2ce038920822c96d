// Reads small files completely.
#pragma once

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"

namespace drumfire {

// Reads pipes to their end, too. Errors name the path and the cause: NOT_FOUND if it cannot be
// read, INVALID_ARGUMENT if it is longer.
absl::StatusOr<std::string> ReadSmallFile(const std::string& path, size_t max_bytes);

}  // namespace drumfire
