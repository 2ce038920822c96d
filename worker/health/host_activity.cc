#include "worker/health/host_activity.h"

#include <unistd.h>

#include <algorithm>
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

// The counters of a protocol stand in two lines that begin with its name: names, then numbers.
uint64_t CounterIn(const std::string& table, absl::string_view protocol, absl::string_view name) {
  std::vector<absl::string_view> names;
  for (const absl::string_view line : absl::StrSplit(table, '\n')) {
    const std::vector<absl::string_view> words = Words(line);
    if (words.empty() || words[0] != protocol) continue;
    if (names.empty()) {
      names = words;
      continue;
    }
    const auto place = std::find(names.begin(), names.end(), name) - names.begin();
    return static_cast<uint64_t>(NumberAt(words, static_cast<size_t>(place)));
  }
  return 0;
}

}  // namespace

HostActivity ReadHostActivity(const HostPaths& paths) {
  HostActivity activity;
  ReadCpu(ReadKernelFile(paths.proc + "/stat"), &activity);
  activity.tcp_retransmits =
      CounterIn(ReadKernelFile(paths.proc + "/self/net/snmp"), "Tcp:", "RetransSegs");
  activity.tcp_out_of_order =
      CounterIn(ReadKernelFile(paths.proc + "/self/net/netstat"), "TcpExt:", "TCPOFOQueue");
  return activity;
}

}  // namespace drumfire
