#include <utility>

#include "coordinator/ledger/ledger.h"

namespace drumfire {
namespace {

class OpenLoopLedger : public Ledger {
 public:
  OpenLoopLedger(uint32_t phase, uint32_t workers, uint64_t total,
                 std::function<int64_t(uint64_t)> due_ns)
      : phase_(phase), total_(total), due_ns_(std::move(due_ns)), granted_(workers, 0) {}

  std::vector<WorkerGrant> Advance(int64_t phase_now_ns) override {
    const uint64_t first = next_;
    while (next_ < total_ && due_ns_(next_) <= phase_now_ns + kGrantHorizonNs) ++next_;
    if (exhausted_ || (next_ == first && next_ < total_)) return {};
    exhausted_ = next_ == total_;
    std::vector<WorkerGrant> grants;
    for (uint32_t worker = 0; worker < granted_.size(); ++worker) AddGrant(worker, first, &grants);
    return grants;
  }

  std::vector<WorkerGrant> OnDemand(uint32_t, uint64_t, uint32_t) override { return {}; }
  uint64_t granted(uint32_t worker) const override { return granted_[worker]; }
  bool exhausted() const override { return exhausted_; }

 private:
  // The worker's part of k = first .. next_ - 1; empty parts are only worth a message when they are
  // the last.
  void AddGrant(uint32_t worker, uint64_t first, std::vector<WorkerGrant>* grants) {
    const uint64_t stride = granted_.size();
    const uint64_t mine = first + (worker + stride - first % stride) % stride;
    const uint64_t count = mine < next_ ? (next_ - mine + stride - 1) / stride : 0;
    if (count == 0 && !exhausted_) return;
    WorkerGrant& out = grants->emplace_back();
    out.worker = worker;
    out.grant.set_phase(phase_);
    out.grant.set_first(mine);
    out.grant.set_count(count);
    out.grant.set_stride(stride);
    out.grant.set_last(exhausted_);
    granted_[worker] += count;
  }

  const uint32_t phase_;
  const uint64_t total_;
  const std::function<int64_t(uint64_t)> due_ns_;
  std::vector<uint64_t> granted_;
  uint64_t next_ = 0;
  bool exhausted_ = false;
};

}  // namespace

std::unique_ptr<Ledger> MakeOpenLoopLedger(uint32_t phase, uint32_t workers, uint64_t total,
                                           std::function<int64_t(uint64_t)> due_ns) {
  return std::make_unique<OpenLoopLedger>(phase, workers, total, std::move(due_ns));
}

}  // namespace drumfire
