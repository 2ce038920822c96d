// What the process's control group allows and how often it had to wait for it: version 2, or
// version 1's cpu and memory controllers. Limits of all groups above count as well. Read anew at
// each call, as limits can change. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/host/host_paths.h"

namespace drumfire {

class Cgroup {
 public:
  // Finds this process's groups. None found = nothing limited.
  explicit Cgroup(const HostPaths& paths);

  // CPU time per time the quota allows; infinity without a quota.
  double QuotaCores() const;
  // How long the group was held back for its quota, ever.
  double ThrottledSeconds() const;
  // What may still be taken before the memory limit; UINT64_MAX without one.
  uint64_t FreeMemoryBytes() const;

 private:
  // Folders from the process's own group up to the root, each ending without "/".
  std::vector<std::string> cpu_folders_;
  std::vector<std::string> memory_folders_;
};

}  // namespace drumfire
