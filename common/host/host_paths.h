// Where the kernel tells about this host and process: a parameter, so that tests can make a host
// up.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace drumfire {

struct HostPaths {
  std::string proc = "/proc";
  std::string cgroup = "/sys/fs/cgroup";
};

// The file's bytes; empty when it is not there or cannot be read (which the kernel decides, so
// callers treat it as "not limited" or "not known").
std::string ReadKernelFile(const std::string& path);

// The number in a line such as "VmRSS:  123 kB" or "nr_throttled 4": the first after the key. -1
// when there is none.
int64_t FindNumber(absl::string_view text, absl::string_view key);

}  // namespace drumfire
