// Which machine this process runs on.
#pragma once

#include <string>

#include "common/host/host_paths.h"

namespace drumfire {

// Drawn by the kernel when it booted; the same in all containers of a host. Processes with the same
// one read the same clock, so their readings do not drift apart. Empty where the kernel has none.
// Any thread.
std::string HostId(const HostPaths& paths = {});

}  // namespace drumfire
