#include "coordinator/ledger/credit_ranges.h"

#include <algorithm>
#include <utility>

namespace drumfire {

CreditRange PartFrom(const CreditRange& range, uint64_t from) {
  if (from <= range.first) return range;
  const uint64_t skipped = std::min(range.count, (from - range.first - 1) / range.stride + 1);
  return {range.At(skipped), range.count - skipped, range.stride};
}

std::vector<CreditRange> Deal(const CreditRange& range, uint32_t hands, uint32_t starter) {
  std::vector<CreditRange> parts(hands);
  for (uint64_t i = 0; i < hands && i < range.count; ++i) {
    parts[(starter + i) % hands] = {range.At(i), (range.count - i + hands - 1) / hands,
                                    range.stride * hands};
  }
  return parts;
}

void HeldCredits::Add(const CreditRange& range) {
  if (range.count == 0) return;
  ranges_.push_back(range);
  granted_ += range.count;
}

void HeldCredits::Settle(uint64_t lowest_unsent) {
  for (CreditRange& range : ranges_) range = PartFrom(range, lowest_unsent);
  std::erase_if(ranges_, [](const CreditRange& range) { return range.count == 0; });
}

std::vector<CreditRange> HeldCredits::TakeUnsettled() {
  for (const CreditRange& range : ranges_) granted_ -= range.count;
  return std::exchange(ranges_, {});
}

}  // namespace drumfire
