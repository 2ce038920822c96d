// Bounds that both ends of the control stream keep to.
#pragma once

namespace drumfire {

// Largest control message: a 1 MiB chunk or a plan, with room to spare.
constexpr int kMaxControlMessageBytes = 64 << 20;

}  // namespace drumfire
