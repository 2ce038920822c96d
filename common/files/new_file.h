// Creates and replaces files with given permissions.
#pragma once

#include <sys/types.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace drumfire {

// Creates the file with these permissions and synced bytes, or leaves nothing behind.
// ALREADY_EXISTS if there is one. Errors name the path.
absl::Status WriteNewFile(const std::string& path, absl::string_view bytes, mode_t mode);

struct FileContent {
  std::string path;
  std::string bytes;
  mode_t mode;
};

// Replaces all of the files, each by a rename. Nothing is replaced before all bytes are on disk, so
// a full disk leaves the old set. Errors name the path.
absl::Status ReplaceFiles(absl::Span<const FileContent> files);

}  // namespace drumfire
