// Files with permissions of their own: new ones, and ones that take the place of older ones.
#pragma once

#include <sys/types.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace drumfire {

// Makes the file with these permissions and all bytes synced, or leaves none behind. ALREADY_EXISTS
// when there is one. Errors name the path.
absl::Status WriteNewFile(const std::string& path, absl::string_view bytes, mode_t mode);

struct FileContent {
  std::string path;
  std::string bytes;
  mode_t mode;
};

// Puts all of them in the place of what is there, each by a rename. Nothing is replaced before all
// bytes are on the disk, so that a full disk leaves the old set. Errors name the path.
absl::Status ReplaceFiles(absl::Span<const FileContent> files);

}  // namespace drumfire
