// The draws behind an entry's text.
#pragma once

#include <cstdint>

#include "common/random/random.h"

namespace drumfire {

// Entries are below 2^48, so that no entry's batch meets another entry.
inline Random EntryRandom(uint64_t seed, uint64_t id, uint32_t batch_index) {
  constexpr int kBatchShift = 48;
  return Random(seed, RandomStream::kPromptText,
                id ^ (static_cast<uint64_t>(batch_index) << kBatchShift));
}

}  // namespace drumfire
