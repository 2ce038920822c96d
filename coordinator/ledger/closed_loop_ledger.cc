#include <algorithm>
#include <utility>

#include "common/buggify/buggify.h"
#include "coordinator/ledger/ledger.h"

namespace drumfire {
namespace {

constexpr uint64_t kCreditsPerSlot = 4;
// Blocks above the smallest are this part of what the worker has had.
constexpr uint64_t kShareOfGranted = 8;

class ClosedLoopLedger : public Ledger {
 public:
  ClosedLoopLedger(LedgerOptions options, std::vector<uint32_t> slots, uint64_t total)
      : Ledger(options, static_cast<uint32_t>(slots.size())),
        total_(total),
        slots_(std::move(slots)) {}

 private:
  // The first blocks: enough for every slot's first request. Small totals are assigned one by one,
  // so that all workers take part.
  void AdvanceTo(int64_t, std::vector<WorkerGrant>* grants) override {
    if (std::exchange(started_, true)) return;
    std::vector<uint64_t> first_block(slots_.size(), 0);
    uint64_t left = total_;
    for (uint32_t round = 0; left > 0 && round < *std::max_element(slots_.begin(), slots_.end());
         ++round) {
      for (size_t worker = 0; worker < slots_.size() && left > 0; ++worker) {
        if (round >= slots_[worker]) continue;
        ++first_block[worker];
        --left;
      }
    }
    for (uint32_t worker = 0; worker < slots_.size(); ++worker) {
      if (first_block[worker] > 0) GiveBlock(worker, first_block[worker], grants);
    }
  }

  // An empty block keeps a worker asking; with nothing left that would never end.
  void Answer(uint32_t worker, uint64_t unsent, uint32_t free_slots,
              std::vector<WorkerGrant>* grants) override {
    if (next_ == total_ && holds_final()) return;
    const uint64_t target = std::max<uint64_t>(BlockSize(worker), free_slots);
    const uint64_t missing = target > unsent ? target - unsent : 0;
    GiveBlock(worker, std::min(missing, total_ - next_), grants);
  }

  bool AllAssigned() const override { return next_ == total_; }

  void OnEnlist(uint32_t slots) override { slots_.push_back(slots); }

  uint64_t BlockSize(uint32_t worker) const {
    if (slots_[worker] == 0) return 0;
    if (Buggify("ledger: a block of one")) return std::min<uint64_t>(1, total_ - next_);
    const uint64_t grown = granted(worker) / kShareOfGranted;
    const uint64_t full =
        std::max<uint64_t>({kCreditsPerSlot * slots_[worker], kMinFullBlock, grown});
    const uint64_t guided = (total_ - next_) / (2 * Takers());
    return std::min({full, kMaxBlock, guided});
  }

  uint64_t Takers() const {
    uint64_t takers = 0;
    for (uint32_t worker = 0; worker < slots_.size(); ++worker) {
      if (slots_[worker] > 0 && !is_lost(worker)) ++takers;
    }
    return std::max<uint64_t>(takers, 1);
  }

  void GiveBlock(uint32_t worker, uint64_t count, std::vector<WorkerGrant>* grants) {
    Give(worker, {next_, count, 1}, grants);
    next_ += count;
  }

  const uint64_t total_;
  std::vector<uint32_t> slots_;
  uint64_t next_ = 0;
  bool started_ = false;
};

}  // namespace

std::unique_ptr<Ledger> MakeClosedLoopLedger(LedgerOptions options, std::vector<uint32_t> slots,
                                             uint64_t total) {
  return std::make_unique<ClosedLoopLedger>(options, std::move(slots), total);
}

}  // namespace drumfire
