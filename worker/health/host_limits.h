// What this host and process may use, for the checks before a run and for the report. Any thread.
#pragma once

#include "common/host/host_paths.h"
#include "drumfire/v1/control.pb.h"

namespace drumfire {

// What cannot be found out is 0 or empty.
v1::HostLimits ReadHostLimits(const HostPaths& paths = {});

}  // namespace drumfire
