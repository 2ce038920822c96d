// Which Drumfire this is, and which wire contracts it speaks.
#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"

namespace drumfire {

// Version of proto/drumfire/v1: plan, control and record together. Raised with every change that an
// older side would misread; sides of different versions refuse each other.
constexpr uint32_t kProtocolVersion = 2;

// Release, as CMake's project() says it: "0.1.0".
extern const absl::string_view kVersion;

}  // namespace drumfire
