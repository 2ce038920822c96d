#include <algorithm>
#include <utility>

#include "coordinator/ledger/ledger.h"

namespace drumfire {
namespace {

class ClosedLoopLedger : public Ledger {
 public:
  ClosedLoopLedger(uint32_t phase, std::vector<uint32_t> slots, uint64_t total)
      : phase_(phase), total_(total), slots_(std::move(slots)), workers_(slots_.size()) {
    for (const uint32_t slots_of_worker : slots_) active_ += slots_of_worker > 0 ? 1 : 0;
  }

  // The first blocks: enough for every slot's first request. Small totals are dealt one by one, so
  // that all workers take part.
  std::vector<WorkerGrant> Advance(int64_t) override {
    if (std::exchange(started_, true)) return {};
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
    std::vector<WorkerGrant> grants;
    for (uint32_t worker = 0; worker < slots_.size(); ++worker)
      Give(worker, first_block[worker], &grants);
    TellLast(&grants);
    return grants;
  }

  std::vector<WorkerGrant> OnDemand(uint32_t worker, uint64_t unsent,
                                    uint32_t free_slots) override {
    std::vector<WorkerGrant> grants;
    if (workers_[worker].told_last) return grants;
    const uint64_t target = std::max<uint64_t>(BlockSize(worker), free_slots);
    const uint64_t missing = target > unsent ? target - unsent : 0;
    Give(worker, std::min(missing, total_ - next_), &grants);
    if (grants.empty()) Append(worker, 0, &grants);
    TellLast(&grants);
    return grants;
  }

  uint64_t granted(uint32_t worker) const override { return workers_[worker].granted; }
  bool exhausted() const override { return next_ == total_; }

 private:
  struct WorkerState {
    uint64_t granted = 0;
    bool told_last = false;
  };

  uint64_t BlockSize(uint32_t worker) const {
    if (slots_[worker] == 0) return 0;
    const uint64_t full = std::clamp<uint64_t>(4 * slots_[worker], kMinFullBlock, kMaxBlock);
    const uint64_t guided = (total_ - next_) / (2 * active_);
    return std::min(full, guided);
  }

  void Give(uint32_t worker, uint64_t count, std::vector<WorkerGrant>* grants) {
    if (count == 0) return;
    Append(worker, count, grants);
    next_ += count;
    workers_[worker].granted += count;
  }

  // Once nothing is left everyone hears it: on the grant made just now, or by an empty one.
  void TellLast(std::vector<WorkerGrant>* grants) {
    if (!exhausted()) return;
    for (WorkerGrant& grant : *grants) MarkLast(&grant);
    for (uint32_t worker = 0; worker < workers_.size(); ++worker) {
      if (workers_[worker].told_last) continue;
      Append(worker, 0, grants);
      MarkLast(&grants->back());
    }
  }

  void Append(uint32_t worker, uint64_t count, std::vector<WorkerGrant>* grants) {
    WorkerGrant& out = grants->emplace_back();
    out.worker = worker;
    out.grant.set_phase(phase_);
    out.grant.set_first(next_);
    out.grant.set_count(count);
    out.grant.set_stride(1);
  }

  void MarkLast(WorkerGrant* grant) {
    grant->grant.set_last(true);
    workers_[grant->worker].told_last = true;
  }

  const uint32_t phase_;
  const uint64_t total_;
  const std::vector<uint32_t> slots_;
  std::vector<WorkerState> workers_;
  uint64_t active_ = 0;
  uint64_t next_ = 0;
  bool started_ = false;
};

}  // namespace

std::unique_ptr<Ledger> MakeClosedLoopLedger(uint32_t phase, std::vector<uint32_t> slots,
                                             uint64_t total) {
  return std::make_unique<ClosedLoopLedger>(phase, std::move(slots), total);
}

}  // namespace drumfire
