// Activity on this host besides the worker: causes of delays that the worker cannot measure in
// itself. Counted since the host booted. Any thread.
#pragma once

#include <cstdint>

#include "common/host/host_paths.h"

namespace drumfire {

struct HostActivity {
  double busy_cpu_seconds = 0;    // of all processes and the kernel, on all cores
  double stolen_cpu_seconds = 0;  // taken by the hypervisor (steal)
};

// Values that the kernel does not report are 0.
HostActivity ReadHostActivity(const HostPaths& paths);

}  // namespace drumfire
