// Holds a run's folder for one process: a run from before its first file to its last, a report
// while it writes. The system lets go of it when the process ends, however it ends.
#pragma once

#include <string>
#include <utility>

#include "absl/status/statusor.h"

namespace drumfire {

class FolderLock {
 public:
  // INVALID_ARGUMENT, with the folder, when another process holds it or it cannot be opened. A file
  // system that has no locks is taken without one.
  static absl::StatusOr<FolderLock> Take(const std::string& folder);

  FolderLock(FolderLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FolderLock& operator=(FolderLock&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~FolderLock();

 private:
  explicit FolderLock(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
};

}  // namespace drumfire
