#include "common/host/allowed_cores.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/host/cgroup.h"

namespace drumfire {
namespace {

absl::string_view LineOf(absl::string_view text, absl::string_view key) {
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    if (absl::ConsumePrefix(&line, key)) return line;
  }
  return {};
}

// Of a list such as "0-3,8,10-11": how many numbers it names.
uint64_t CountList(absl::string_view list) {
  uint64_t count = 0;
  for (const absl::string_view range : absl::StrSplit(list, ',', absl::SkipWhitespace())) {
    const std::vector<absl::string_view> ends = absl::StrSplit(range, '-');
    uint64_t first = 0;
    uint64_t last = 0;
    if (!absl::SimpleAtoi(ends.front(), &first) || !absl::SimpleAtoi(ends.back(), &last)) continue;
    if (last >= first) count += last - first + 1;
  }
  return count;
}

}  // namespace

double AllowedCores(const HostPaths& paths) {
  const std::string status = ReadKernelFile(paths.proc + "/self/status");
  const uint64_t affinity = CountList(LineOf(status, "Cpus_allowed_list:"));
  return std::min(static_cast<double>(affinity), Cgroup(paths).QuotaCores());
}

}  // namespace drumfire
