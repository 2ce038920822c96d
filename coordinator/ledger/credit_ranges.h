// Ranges of credits: sessions first, first + stride, ...
#pragma once

#include <cstdint>
#include <vector>

namespace drumfire {

struct CreditRange {
  uint64_t first = 0;
  uint64_t count = 0;
  uint64_t stride = 1;

  // The session of the i-th.
  uint64_t At(uint64_t i) const { return first + i * stride; }
};

// The part of the range whose sessions are at least from.
CreditRange PartFrom(const CreditRange& range, uint64_t from);

// Splits the range into parts_count parts, as evenly as its count allows.
// The first credit goes to part `starter`.
std::vector<CreditRange> Partition(const CreditRange& range, uint32_t parts_count,
                                   uint32_t starter);

// What one worker was granted and may not have begun yet. Memory is one range for each grant that
// is not settled.
class HeldCredits {
 public:
  void Add(const CreditRange& range);
  // Of the first `granted` credits that it got, those below lowest_unsent were begun: they cannot
  // be reclaimed any more. (Grants that crossed the worker's word on their way do not count: what
  // another lost may come late and have a low number.)
  void Settle(uint64_t lowest_unsent, uint64_t granted = UINT64_MAX);
  // Takes back what is not settled.
  std::vector<CreditRange> ReclaimUnsettled();
  // Granted so far, without what was reclaimed.
  uint64_t granted() const { return granted_; }
  // Of these, known to be begun or dropped.
  uint64_t settled() const;

 private:
  struct Held {
    CreditRange range;
    uint64_t granted_with_it = 0;  // credits up to and with the range
  };

  std::vector<Held> ranges_;  // not settled, in the order they were granted
  uint64_t granted_ = 0;
};

}  // namespace drumfire
