// Bounds that both ends of the control stream keep to.
#pragma once

#include <cstddef>

namespace drumfire {

// Largest control message: a 1 MiB chunk or a plan, with room to spare.
constexpr int kMaxControlMessageBytes = 64 << 20;

// Largest answer to GetStatus that is taken.
constexpr int kMaxStatusBytes = 64 << 10;
// Of a run's owner, as a worker keeps and tells it.
constexpr size_t kLongestOwnerBytes = 128;

}  // namespace drumfire
