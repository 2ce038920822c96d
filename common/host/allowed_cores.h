// How much CPU this process may use.
#pragma once

#include "common/host/host_paths.h"

namespace drumfire {

// Cores this process may use: its affinity, which a cpuset narrows, capped by the control groups'
// quota, which may be a part of a core. 0 = not known. Read anew at each call, as limits can
// change. Any thread.
double AllowedCores(const HostPaths& paths = {});

}  // namespace drumfire
