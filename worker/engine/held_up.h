// When is it this client's doing that chunks came in one read?
#pragma once

#include <cstdint>

#include "common/clock/clock.h"

namespace drumfire {

// A read so much later than it could have been may have merged arrivals that were apart.
constexpr int64_t kHeldUpNs = 2 * kNsPerMs;

}  // namespace drumfire
