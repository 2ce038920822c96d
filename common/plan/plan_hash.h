// Identifies a plan: the SHA-256 of its deterministic serialization. It is part of every control
// message and of the result.
#pragma once

#include <string>

#include "drumfire/v1/plan.pb.h"

namespace drumfire {

// Deterministic serialization: equal plans give equal bytes. Our plans contain no maps and no
// unknown fields, so all builds of one protocol version agree. Any thread.
std::string SerializePlan(const v1::Plan& plan);
// 32 raw bytes.
std::string PlanHash(const v1::Plan& plan);

}  // namespace drumfire
