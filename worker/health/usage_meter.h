// CPU time, throttling and memory of this process since a start time: the part of v1::WorkerHealth
// that comes from the kernel. One thread.
#pragma once

#include <cstdint>

#include "common/host/cgroup.h"
#include "common/host/host_paths.h"
#include "drumfire/v1/control.pb.h"
#include "worker/health/host_activity.h"

namespace drumfire {

class UsageMeter {
 public:
  // Begins at now_ns (monotonic).
  explicit UsageMeter(int64_t now_ns, const HostPaths& paths = {});

  // A phase begins: Fill reports usage from here on.
  void Begin(int64_t now_ns);
  // Sets cpu_seconds, wall_seconds, cores_allowed, throttled_seconds, resident_bytes and the host's
  // other activity.
  void Fill(int64_t now_ns, v1::WorkerHealth* health) const;

 private:
  void FillHost(v1::WorkerHealth* health) const;

  HostPaths paths_;
  Cgroup cgroup_;
  int64_t begin_ns_ = 0;
  double begin_cpu_seconds_ = 0;
  double begin_throttled_seconds_ = 0;
  HostActivity begin_host_;
};

// Total CPU time of all threads of this process.
double ProcessCpuSeconds();

}  // namespace drumfire
