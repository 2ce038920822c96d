// A folder of a test's own, gone with the object.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "absl/strings/string_view.h"

namespace drumfire::testutil {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "drumfire-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string File(absl::string_view name) const { return path_ + "/" + std::string(name); }
  std::string IpcEndpoint(absl::string_view name) const { return "ipc://" + File(name); }

 private:
  std::string path_;
};

}  // namespace drumfire::testutil
