// What went on on this host beside the worker: causes of trouble that the worker cannot see in
// itself. Counted since the host started. Any thread.
#pragma once

#include <cstdint>

#include "common/host/host_paths.h"

namespace drumfire {

struct HostActivity {
  double busy_cpu_seconds = 0;    // of all processes and the kernel, on all cores
  double stolen_cpu_seconds = 0;  // taken by the hypervisor (steal)
};

// What the kernel does not tell is 0.
HostActivity ReadHostActivity(const HostPaths& paths);

}  // namespace drumfire
