// Files that are whole or not there: written under a temporary name beside their place, synced,
// renamed.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace drumfire {

// One thread. The first error sticks: later writes do nothing and Commit returns it. Errors name
// the path and the cause.
class AtomicFile {
 public:
  static absl::StatusOr<std::unique_ptr<AtomicFile>> Create(const std::string& path);
  // Without Commit nothing is left behind.
  ~AtomicFile();

  void Write(absl::string_view bytes);
  // Sync, rename, sync of the folder: from now on the file stands under its name.
  absl::Status Commit();

 private:
  AtomicFile(std::string path, std::string temporary, int descriptor);
  void SetDirect(bool direct);
  void Flush();
  void Fail(const char* what);

  struct Free {
    void operator()(char* bytes) const { std::free(bytes); }
  };

  const std::string path_, temporary_;
  int descriptor_;
  std::unique_ptr<char, Free> buffer_;
  size_t used_bytes_ = 0;
  bool is_direct_ = false;  // writes go past the system's cache
  bool may_be_direct_ = true;
  absl::Status status_;
};

// All at once.
absl::Status WriteFileAtomically(const std::string& path, absl::string_view bytes);

}  // namespace drumfire
