// The limits of this process's control group, and how long it was throttled: version 2, or version
// 1's cpu and memory controllers. Includes the limits of all parent groups. Read at each call,
// since limits can change. Any thread.
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
  // Total time for which the quota throttled the group.
  double ThrottledSeconds() const;
  // Memory left below the limit; UINT64_MAX without one.
  uint64_t FreeMemoryBytes() const;

 private:
  // Folders from the process's own group up to the root, each ending without "/".
  std::vector<std::string> cpu_folders_;
  std::vector<std::string> memory_folders_;
};

}  // namespace drumfire
