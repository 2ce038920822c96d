// The file under a journal, as an interface so that tests can make it fail.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace drumfire {

class JournalFile {
 public:
  virtual ~JournalFile() = default;
  // Writes at the end; returns how many bytes were taken, which may be fewer than given (never 0 of
  // some).
  virtual absl::StatusOr<size_t> Append(absl::string_view bytes) = 0;
  // Returns when what was appended is on the disk. May run beside Append.
  virtual absl::Status Sync() = 0;
};

// A new file at path; ALREADY_EXISTS rather than touch one that is there. The folder is synced too,
// so that the name lasts.
absl::StatusOr<std::unique_ptr<JournalFile>> CreateJournalFile(const std::string& path);

}  // namespace drumfire
