// Which machine this process runs on.
#pragma once

#include <string>

namespace drumfire {

// Drawn by the kernel when it booted; the same in all containers of a host. Processes with the same
// one read the same clock, so their readings do not drift apart. Empty = the kernel does not tell.
// proc: where /proc is. Any thread.
std::string HostId(const std::string& proc = "/proc");

}  // namespace drumfire
