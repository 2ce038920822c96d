#include "common/host/cgroup.h"

#include <algorithm>
#include <limits>

#include "absl/algorithm/container.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/clock/clock.h"

namespace drumfire {
namespace {

constexpr double kUsPerSecond = 1e6;

// root/a/b, root/a, root. In a container the path may name folders of the host that cannot be seen:
// they are just not there.
std::vector<std::string> FoldersUpwards(const std::string& root, absl::string_view path) {
  std::vector<std::string> folders;
  while (!path.empty() && path != "/") {
    folders.push_back(absl::StrCat(root, path));
    path = path.substr(0, path.rfind('/'));
  }
  folders.push_back(root);
  return folders;
}

// The first number of a file, -1 for "max", nothing or nonsense.
int64_t ReadNumber(const std::string& path) { return FindNumber(ReadKernelFile(path), ""); }

// "quota period" or "max period", us.
double QuotaOfVersion2(const std::string& folder) {
  const std::string text = ReadKernelFile(folder + "/cpu.max");
  const std::vector<absl::string_view> words =
      absl::StrSplit(text, absl::ByAnyChar(" \n"), absl::SkipEmpty());
  double quota_us = 0;
  double period_us = 0;
  const bool is_limited = words.size() == 2 && absl::SimpleAtod(words[0], &quota_us) &&
                          absl::SimpleAtod(words[1], &period_us) && period_us > 0 && quota_us > 0;
  return is_limited ? quota_us / period_us : std::numeric_limits<double>::infinity();
}

double QuotaOfVersion1(const std::string& folder) {
  const int64_t quota_us = ReadNumber(folder + "/cpu.cfs_quota_us");
  const int64_t period_us = ReadNumber(folder + "/cpu.cfs_period_us");
  if (quota_us <= 0 || period_us <= 0) return std::numeric_limits<double>::infinity();
  return static_cast<double>(quota_us) / static_cast<double>(period_us);
}

double ThrottledSecondsOf(const std::string& folder) {
  const std::string stat = ReadKernelFile(folder + "/cpu.stat");
  const int64_t version2_us = FindNumber(stat, "throttled_usec");
  if (version2_us >= 0) return static_cast<double>(version2_us) / kUsPerSecond;
  const int64_t version1_ns = FindNumber(stat, "throttled_time");
  return version1_ns < 0 ? 0 : static_cast<double>(version1_ns) / kNsPerSecond;
}

uint64_t FreeMemoryOf(const std::string& folder, const char* limit_name, const char* usage_name) {
  const int64_t limit_bytes = ReadNumber(folder + limit_name);
  if (limit_bytes < 0) return UINT64_MAX;
  return std::max<int64_t>(0, limit_bytes - std::max<int64_t>(0, ReadNumber(folder + usage_name)));
}

}  // namespace

Cgroup::Cgroup(const HostPaths& paths) {
  for (const absl::string_view line :
       absl::StrSplit(ReadKernelFile(paths.proc + "/self/cgroup"), '\n')) {
    const std::vector<absl::string_view> parts = absl::StrSplit(line, absl::MaxSplits(':', 2));
    if (parts.size() != 3) continue;
    // "0::/path" is version 2; "4:cpu,cpuacct:/path" a controller of version 1, mounted under its
    // own name.
    const std::vector<absl::string_view> controllers = absl::StrSplit(parts[1], ',');
    const std::string root =
        parts[1].empty() ? paths.cgroup : absl::StrCat(paths.cgroup, "/", parts[1]);
    const std::vector<std::string> folders = FoldersUpwards(root, parts[2]);
    for (const absl::string_view controller : controllers) {
      if (controller.empty() || controller == "cpu")
        absl::c_copy(folders, std::back_inserter(cpu_folders_));
      if (controller.empty() || controller == "memory") {
        absl::c_copy(folders, std::back_inserter(memory_folders_));
      }
    }
  }
}

double Cgroup::QuotaCores() const {
  double cores = std::numeric_limits<double>::infinity();
  for (const std::string& folder : cpu_folders_) {
    cores = std::min({cores, QuotaOfVersion2(folder), QuotaOfVersion1(folder)});
  }
  return cores;
}

// A group above that is held back holds back those below, which count it too: so the most that any
// says.
double Cgroup::ThrottledSeconds() const {
  double seconds = 0;
  for (const std::string& folder : cpu_folders_) {
    seconds = std::max(seconds, ThrottledSecondsOf(folder));
  }
  return seconds;
}

uint64_t Cgroup::FreeMemoryBytes() const {
  uint64_t free_bytes = UINT64_MAX;
  for (const std::string& folder : memory_folders_) {
    free_bytes =
        std::min({free_bytes, FreeMemoryOf(folder, "/memory.max", "/memory.current"),
                  FreeMemoryOf(folder, "/memory.limit_in_bytes", "/memory.usage_in_bytes")});
  }
  return free_bytes;
}

}  // namespace drumfire
