// Limits of this host and process, for the checks before a run and for the report. Any thread.
#pragma once

#include "common/host/host_paths.h"
#include "drumfire/v1/control.pb.h"

namespace drumfire {

// Unknown values are 0 or empty.
v1::HostLimits ReadHostLimits(const HostPaths& paths = {});

}  // namespace drumfire
