// Files that must not be there yet.
#pragma once

#include <sys/types.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace drumfire {

// Makes the file with these permissions and all bytes synced, or leaves none behind. ALREADY_EXISTS
// when there is one. Errors name the path.
absl::Status WriteNewFile(const std::string& path, absl::string_view bytes, mode_t mode);

}  // namespace drumfire
