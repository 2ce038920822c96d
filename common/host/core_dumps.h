// Keeps secrets out of core dumps: on its way through requests, heads and libraries a secret lies
// in more places than anyone could mark or wipe, so a process that holds one leaves its whole
// memory out. A dump then still holds registers and threads (core(5), coredump_filter).
#pragma once

#include "absl/strings/string_view.h"

namespace drumfire {

// Of this process and of the children it starts from now on; it cannot be undone, because freed
// memory still holds old secrets. False, and a warning in the log, if
// the kernel has no such file. Any thread.
bool LeaveMemoryOutOfCoreDumps(absl::string_view filter_file = "/proc/self/coredump_filter");

}  // namespace drumfire
