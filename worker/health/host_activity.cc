#include "worker/health/host_activity.h"

#include <unistd.h>

#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace drumfire {
namespace {

// Fields of the line "cpu" in /proc/stat, in clock ticks.
enum StatField { kUser = 1, kNice, kSystem, kIdle, kIoWait, kIrq, kSoftIrq, kSteal };

std::vector<absl::string_view> Words(absl::string_view line) {
  return absl::StrSplit(line, ' ', absl::SkipEmpty());
}

double NumberAt(const std::vector<absl::string_view>& words, size_t place) {
  double number = 0;
  return place < words.size() && absl::SimpleAtod(words[place], &number) ? number : 0;
}

void ReadCpu(const std::string& stat, HostActivity* activity) {
  const absl::string_view text = stat;
  const std::vector<absl::string_view> words = Words(text.substr(0, text.find('\n')));
  if (words.empty() || words[0] != "cpu") return;
  const auto ticks_per_second = static_cast<double>(sysconf(_SC_CLK_TCK));
  for (const size_t field : {kUser, kNice, kSystem, kIrq, kSoftIrq})
    activity->busy_cpu_seconds += NumberAt(words, field) / ticks_per_second;
  activity->stolen_cpu_seconds = NumberAt(words, kSteal) / ticks_per_second;
}

}  // namespace

HostActivity ReadHostActivity(const HostPaths& paths) {
  HostActivity activity;
  ReadCpu(ReadKernelFile(paths.proc + "/stat"), &activity);
  return activity;
}

}  // namespace drumfire
