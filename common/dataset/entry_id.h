// Ids of a data set's entries. The measured phase counts from 0; each warmup phase has a range of
// its own, so that what it sends is in no cache of the server when the measured phase sends its
// prompts.
#pragma once

#include <cstdint>

namespace drumfire {

// A phase has fewer sessions than this.
inline constexpr int kPhaseEntryBits = 40;
inline constexpr uint64_t kPhaseEntries = uint64_t{1} << kPhaseEntryBits;

// Entry n of the warmup phase with this index in the plan. n < kPhaseEntries.
constexpr uint64_t WarmupEntry(uint32_t phase_index, uint64_t n) {
  return (uint64_t{phase_index} + 1) << kPhaseEntryBits | n;
}

// 0 for the measured phase, else a number that no other phase has.
constexpr uint64_t EntryRange(uint64_t id) { return id >> kPhaseEntryBits; }
// The entry's number within its range.
constexpr uint64_t EntryNumber(uint64_t id) { return id & (kPhaseEntries - 1); }

}  // namespace drumfire
