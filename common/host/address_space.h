// The memory that this process may map. gRPC starts threads that need some, and where they find
// none it waits for them in vain: such a process is better refused.
#pragma once

#include <cstdint>

#include "absl/status/status.h"

namespace drumfire {

constexpr uint64_t kLeastAddressSpaceBytes = 512 << 20;

// RLIMIT_AS (ulimit -v); the largest number = no limit.
uint64_t AddressSpaceLimitBytes();

// INVALID_ARGUMENT, with both figures, when the limit is too low.
absl::Status CheckAddressSpace(uint64_t limit_bytes = AddressSpaceLimitBytes());

}  // namespace drumfire
