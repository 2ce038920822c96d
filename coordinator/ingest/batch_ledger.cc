#include "coordinator/ingest/batch_ledger.h"

namespace drumfire {

BatchLedger::Verdict BatchLedger::Take(uint64_t sequence) {
  if (sequence == 0) return Verdict::kRefused;
  if (sequence <= complete_up_to_) {
    ++repeats_;
    return Verdict::kRepeat;
  }
  if (sequence - complete_up_to_ > kMaxAhead) return Verdict::kRefused;
  if (!ahead_.insert(sequence).second) {
    ++repeats_;
    return Verdict::kRepeat;
  }
  while (!ahead_.empty() && *ahead_.begin() == complete_up_to_ + 1) {
    ahead_.erase(ahead_.begin());
    ++complete_up_to_;
  }
  return Verdict::kNew;
}

uint64_t BatchLedger::missing() const {
  if (ahead_.empty()) return 0;
  return *ahead_.rbegin() - complete_up_to_ - ahead_.size();
}

}  // namespace drumfire
