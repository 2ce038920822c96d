#include "common/host/host_id.h"

#include "absl/strings/ascii.h"

namespace drumfire {

std::string HostId(const HostPaths& paths) {
  const std::string id = ReadKernelFile(paths.proc + "/sys/kernel/random/boot_id");
  return std::string(absl::StripAsciiWhitespace(id));
}

}  // namespace drumfire
