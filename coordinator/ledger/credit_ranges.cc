#include "coordinator/ledger/credit_ranges.h"

#include <algorithm>
#include <utility>

namespace drumfire {

CreditRange PartFrom(const CreditRange& range, uint64_t from) {
  if (from <= range.first) return range;
  const uint64_t skipped = std::min(range.count, (from - range.first - 1) / range.stride + 1);
  return {range.At(skipped), range.count - skipped, range.stride};
}

std::vector<CreditRange> Partition(const CreditRange& range, uint32_t parts_count,
                                   uint32_t starter) {
  std::vector<CreditRange> parts(parts_count);
  for (uint64_t i = 0; i < parts_count && i < range.count; ++i) {
    parts[(starter + i) % parts_count] = {
        range.At(i), (range.count - i + parts_count - 1) / parts_count, range.stride * parts_count};
  }
  return parts;
}

void HeldCredits::Add(const CreditRange& range) {
  if (range.count == 0) return;
  granted_ += range.count;
  ranges_.push_back({range, granted_});
}

void HeldCredits::Settle(uint64_t lowest_unsent, uint64_t granted) {
  for (Held& held : ranges_) {
    if (held.granted_with_it <= granted) held.range = PartFrom(held.range, lowest_unsent);
  }
  std::erase_if(ranges_, [](const Held& held) { return held.range.count == 0; });
}

uint64_t HeldCredits::settled() const {
  uint64_t settled = granted_;
  for (const Held& held : ranges_) settled -= held.range.count;
  return settled;
}

std::vector<CreditRange> HeldCredits::ReclaimUnsettled() {
  std::vector<CreditRange> unsettled;
  for (const Held& held : std::exchange(ranges_, {})) {
    granted_ -= held.range.count;
    unsettled.push_back(held.range);
  }
  return unsettled;
}

}  // namespace drumfire
