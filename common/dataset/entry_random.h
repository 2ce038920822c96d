// The draws behind an entry's turns and texts.
#pragma once

#include <cstdint>

#include "common/random/random.h"

namespace drumfire {

// The seed of a turn's draws. Turn 0 draws as an entry without further turns does.
inline uint64_t TurnSeed(uint64_t seed, uint32_t turn) {
  return turn == 0 ? seed : Random(seed, RandomStream::kTurnSeed, turn).Bits();
}

// Entries are below 2^48, so that no entry's batch meets another entry.
inline Random EntryRandom(uint64_t seed, uint64_t id, uint32_t batch_index) {
  constexpr int kBatchShift = 48;
  return Random(seed, RandomStream::kPromptText,
                id ^ (static_cast<uint64_t>(batch_index) << kBatchShift));
}

}  // namespace drumfire
