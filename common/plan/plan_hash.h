// The plan's name: SHA-256 of its one serialisation. It stands in every control message and in the
// result.
#pragma once

#include <string>

#include "drumfire/v1/plan.pb.h"

namespace drumfire {

// Deterministic serialisation: equal plans give equal bytes. The plan holds no map and no unknown
// fields when it was made here, so all builds of one protocol version agree. Any thread.
std::string SerializePlan(const v1::Plan& plan);
// 32 raw bytes.
std::string PlanHash(const v1::Plan& plan);

}  // namespace drumfire
