// The identity of this host.
#pragma once

#include <string>

#include "common/host/host_paths.h"

namespace drumfire {

// Drawn by the kernel at boot; the same in all containers of a host. Processes with the same id
// read the same clock. Empty if the kernel has none. Any thread.
std::string HostId(const HostPaths& paths = {});

}  // namespace drumfire
