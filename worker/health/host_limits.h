// What this host and process may use, for the checks before a run and for the report. Any thread.
#pragma once

#include "drumfire/v1/control.pb.h"
#include "worker/health/host_paths.h"

namespace drumfire {

// What cannot be found out is 0 or empty.
v1::HostLimits ReadHostLimits(const HostPaths& paths = {});

// Cores this process may use: its affinity, capped by the control groups' quota. 0 = not known.
double AllowedCores(const HostPaths& paths = {});

}  // namespace drumfire
