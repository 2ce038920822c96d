// Which batches of one worker's epoch have come: turns at-least-once delivery into exactly once. A
// state machine, no I/O. Memory is one set entry for each batch that came ahead of a gap, at most
// kMaxAhead. One thread at a time.
#pragma once

#include <cstdint>
#include <set>

namespace drumfire {

class BatchLedger {
 public:
  // Numbers so far above the first gap are refused: the worker sends them again once the gap is
  // closed.
  static constexpr uint64_t kMaxAhead = 1 << 20;

  enum class Verdict {
    kNew,      // take it: it comes for the first time
    kRepeat,   // it came before
    kRefused,  // number 0, or kMaxAhead above the first gap
  };

  Verdict Take(uint64_t sequence);

  // All batches 1..complete_up_to came: the number to ack.
  uint64_t complete_up_to() const { return complete_up_to_; }
  // Numbers below the highest that came which did not come.
  uint64_t missing() const;
  // Batches that came again.
  uint64_t repeats() const { return repeats_; }

 private:
  uint64_t complete_up_to_ = 0;
  std::set<uint64_t> ahead_;  // came, above complete_up_to_ + 1
  uint64_t repeats_ = 0;
};

}  // namespace drumfire
