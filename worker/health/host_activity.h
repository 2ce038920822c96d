// What went on on this host beside the worker: causes of trouble that the worker cannot see in
// itself. Counted since the host started. Any thread.
#pragma once

#include <cstdint>

#include "worker/health/host_paths.h"

namespace drumfire {

struct HostActivity {
  double busy_cpu_seconds = 0;    // of all processes and the kernel, on all cores
  double stolen_cpu_seconds = 0;  // taken by the hypervisor (steal)
  // Of this network namespace: segments sent again, and segments that came before an earlier one.
  uint64_t tcp_retransmits = 0;
  uint64_t tcp_out_of_order = 0;
};

// What the kernel does not tell is 0.
HostActivity ReadHostActivity(const HostPaths& paths);

}  // namespace drumfire
