#include "worker/health/usage_meter.h"

#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "common/clock/clock.h"
#include "common/host/allowed_cores.h"

namespace drumfire {
namespace {

double Seconds(int64_t ns) { return static_cast<double>(ns) / kNsPerSecond; }

// Second number of /proc/self/statm, in pages.
uint64_t ResidentBytes(const HostPaths& paths) {
  const std::string statm = ReadKernelFile(paths.proc + "/self/statm");
  const std::vector<absl::string_view> pages = absl::StrSplit(statm, ' ');
  uint64_t resident_pages = 0;
  if (pages.size() < 2 || !absl::SimpleAtoi(pages[1], &resident_pages)) return 0;
  return resident_pages * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace

double ProcessCpuSeconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + Seconds(time.tv_nsec);
}

UsageMeter::UsageMeter(int64_t now_ns, const HostPaths& paths) : paths_(paths), cgroup_(paths) {
  Begin(now_ns);
}

void UsageMeter::Begin(int64_t now_ns) {
  begin_ns_ = now_ns;
  begin_cpu_seconds_ = ProcessCpuSeconds();
  begin_throttled_seconds_ = cgroup_.ThrottledSeconds();
  begin_host_ = ReadHostActivity(paths_);
}

void UsageMeter::Fill(int64_t now_ns, v1::WorkerHealth* health) const {
  health->set_cpu_seconds(ProcessCpuSeconds() - begin_cpu_seconds_);
  health->set_wall_seconds(Seconds(now_ns - begin_ns_));
  health->set_cores_allowed(AllowedCores(paths_));
  health->set_throttled_seconds(cgroup_.ThrottledSeconds() - begin_throttled_seconds_);
  health->set_resident_bytes(ResidentBytes(paths_));
  FillHost(health);
}

void UsageMeter::FillHost(v1::WorkerHealth* health) const {
  const HostActivity host = ReadHostActivity(paths_);
  const double busy_seconds = host.busy_cpu_seconds - begin_host_.busy_cpu_seconds;
  health->set_other_cpu_seconds(std::max(0.0, busy_seconds - health->cpu_seconds()));
  health->set_stolen_cpu_seconds(
      std::max(0.0, host.stolen_cpu_seconds - begin_host_.stolen_cpu_seconds));
}

}  // namespace drumfire
