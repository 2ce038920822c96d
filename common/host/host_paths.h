// Paths of the kernel's information about this host and process: a parameter, so that tests can
// invent a host.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace drumfire {

struct HostPaths {
  std::string proc = "/proc";
  std::string cgroup = "/sys/fs/cgroup";
};

// The file's bytes; empty if it is missing or unreadable (callers treat that as "not limited" or
// "unknown").
std::string ReadKernelFile(const std::string& path);

// The number in a line such as "VmRSS:  123 kB" or "nr_throttled 4": the first after the key. -1 if
// there is none.
int64_t FindNumber(absl::string_view text, absl::string_view key);

}  // namespace drumfire
