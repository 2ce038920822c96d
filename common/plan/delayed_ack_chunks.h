// How clearly a response shows the pattern of a delayed acknowledgement
// (worker/endpoint/delayed_ack.h): workers find it, coordinator/results judges it.
#pragma once

#include <cstdint>

namespace drumfire {

// At least this many content chunks together after the silence. Fewer may meet by chance.
constexpr uint32_t kClearDelayedAckChunks = 3;

}  // namespace drumfire
