// The mock server's own random streams, separate from those of the load generator's schedule.
#pragma once

#include "common/random/random.h"

namespace drumfire::mock {

constexpr RandomStream kFaultStream = static_cast<RandomStream>(1001);
constexpr RandomStream kTtftStream = static_cast<RandomStream>(1002);
constexpr RandomStream kGapStream = static_cast<RandomStream>(1003);
constexpr RandomStream kTextStream = static_cast<RandomStream>(1004);

}  // namespace drumfire::mock
