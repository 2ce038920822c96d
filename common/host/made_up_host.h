// For tests: a host made of files.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "common/host/host_paths.h"

namespace drumfire {

class MadeUpHost {
 public:
  MadeUpHost() {
    std::string name = (std::filesystem::temp_directory_path() / "drumfire-XXXXXX").string();
    root_ = mkdtemp(name.data());
  }
  ~MadeUpHost() { std::filesystem::remove_all(root_); }

  HostPaths paths() const { return {.proc = root_ + "/proc", .cgroup = root_ + "/cgroup"}; }
  void Write(const std::string& name, const std::string& text) const {
    const std::filesystem::path path = root_ + "/" + name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }

 private:
  std::string root_;
};

}  // namespace drumfire
