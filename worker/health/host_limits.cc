#include "worker/health/host_limits.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/host/allowed_cores.h"
#include "common/host/cgroup.h"
#include "common/host/host_id.h"

namespace drumfire {
namespace {

constexpr uint64_t kBytesPerKb = 1024;

uint64_t MaxDescriptors(const HostPaths& paths) {
  const std::string limits = ReadKernelFile(paths.proc + "/self/limits");
  return std::max<int64_t>(0, FindNumber(limits, "Max open files"));
}

// First and last port of the range for outgoing connections; a port is used once for each target
// address.
uint32_t EphemeralPorts(const HostPaths& paths) {
  const std::string range = ReadKernelFile(paths.proc + "/sys/net/ipv4/ip_local_port_range");
  const std::vector<absl::string_view> ends =
      absl::StrSplit(range, absl::ByAnyChar(" \t\n"), absl::SkipEmpty());
  uint32_t first = 0;
  uint32_t last = 0;
  const bool is_range = ends.size() == 2 && absl::SimpleAtoi(ends[0], &first) &&
                        absl::SimpleAtoi(ends[1], &last) && last >= first;
  return is_range ? last - first + 1 : 0;
}

uint64_t FreeMemoryBytes(const HostPaths& paths) {
  const int64_t available_kb = FindNumber(ReadKernelFile(paths.proc + "/meminfo"), "MemAvailable");
  if (available_kb < 0) return 0;
  return std::min(static_cast<uint64_t>(available_kb) * kBytesPerKb,
                  Cgroup(paths).FreeMemoryBytes());
}

}  // namespace

v1::HostLimits ReadHostLimits(const HostPaths& paths) {
  v1::HostLimits limits;
  limits.set_max_descriptors(MaxDescriptors(paths));
  limits.set_ephemeral_ports(EphemeralPorts(paths));
  limits.set_cores(AllowedCores(paths));
  limits.set_free_memory_bytes(FreeMemoryBytes(paths));
  const std::string host_name = ReadKernelFile(paths.proc + "/sys/kernel/hostname");
  limits.set_host_name(std::string(absl::StripAsciiWhitespace(host_name)));
  limits.set_host_id(HostId(paths));
  return limits;
}

}  // namespace drumfire
