// Unique ids of runs and processes.
#pragma once

#include <string>

namespace drumfire {

// 16 bytes from the kernel. Any thread.
std::string RandomId();

}  // namespace drumfire
