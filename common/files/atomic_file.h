// Writes files atomically: under a temporary name in the same directory, synced, then renamed.
//
//     auto file = AtomicFile::Create(path);
//     (*file)->Write(bytes);
//     absl::Status status = (*file)->Commit();  // without it nothing is left behind
//
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
  // Removes the temporary file unless Commit was called.
  ~AtomicFile();

  void Write(absl::string_view bytes);
  // Syncs and renames the file, and syncs the directory.
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

// Writes a whole file.
absl::Status WriteFileAtomically(const std::string& path, absl::string_view bytes);

}  // namespace drumfire
