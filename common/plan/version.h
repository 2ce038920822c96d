// The version of Drumfire and of its wire contracts.
#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"

namespace drumfire {

// Version of proto/drumfire/v1: plan, control and record together. Incremented with every change
// that an older side would misread; sides with different versions refuse each other.
constexpr uint32_t kProtocolVersion = 4;

// Release, from CMake's project(): "0.1.0".
extern const absl::string_view kVersion;

}  // namespace drumfire
