#include <utility>

#include "common/buggify/buggify.h"
#include "coordinator/ledger/ledger.h"

namespace drumfire {
namespace {

// The sessions s = from .. to - 1 with s mod stride = worker.
CreditRange ShareOf(uint32_t worker, uint64_t from, uint64_t to, uint64_t stride) {
  const uint64_t first = from + (worker + stride - from % stride) % stride;
  return {first, first < to ? (to - first + stride - 1) / stride : 0, stride};
}

class OpenLoopLedger : public Ledger {
 public:
  OpenLoopLedger(LedgerOptions options, uint32_t workers, uint64_t total,
                 std::function<int64_t(uint64_t)> due_ns)
      : Ledger(options, workers), total_(total), due_ns_(std::move(due_ns)), states_(workers) {}

 private:
  struct State {
    bool is_orphaned = false;  // its share goes to the others
    uint64_t assigned_to = 0;  // its share of all below this is handed out, or waits
    std::vector<CreditRange> waiting;
  };

  void AdvanceTo(int64_t phase_now_ns, std::vector<WorkerGrant>* grants) override {
    const uint64_t first = next_;
    const int64_t horizon_ns =
        Buggify("ledger: a short horizon") ? kGrantHorizonNs / 100 : kGrantHorizonNs;
    while (next_ < total_ && due_ns_(next_) <= phase_now_ns + horizon_ns) ++next_;
    if (next_ == first) return;
    for (uint32_t worker = 0; worker < worker_count(); ++worker) AssignShare(worker, grants);
  }

  void AssignShare(uint32_t worker, std::vector<WorkerGrant>* grants) {
    State& state = states_[worker];
    if (is_lost(worker) && !state.is_orphaned) return;
    const CreditRange share = ShareOf(worker, state.assigned_to, next_, worker_count());
    state.assigned_to = next_;
    if (share.count == 0) return;
    state.is_orphaned ? Return(share) : Give(worker, share, grants);
  }

  void OnReclaimed(uint32_t worker) override {
    State& state = states_[worker];
    state.is_orphaned = true;
    for (const CreditRange& share : std::exchange(state.waiting, {})) Return(share);
    AssignShare(worker, nullptr);
  }

  // Shares are other ones from here on: what a lost worker's share was so far is set aside.
  void OnEnlist(uint32_t) override {
    for (uint32_t worker = 0; worker < worker_count(); ++worker) {
      State& state = states_[worker];
      if (state.assigned_to == next_) continue;
      state.waiting.push_back(ShareOf(worker, state.assigned_to, next_, worker_count()));
      state.assigned_to = next_;
    }
    states_.emplace_back().assigned_to = next_;
  }

  void Answer(uint32_t, uint64_t, uint32_t, std::vector<WorkerGrant>*) override {}

  bool AllAssigned() const override {
    if (next_ < total_) return false;
    for (const State& state : states_) {
      if (state.assigned_to < next_ || !state.waiting.empty()) return false;
    }
    return true;
  }

  const uint64_t total_;
  const std::function<int64_t(uint64_t)> due_ns_;
  std::vector<State> states_;
  uint64_t next_ = 0;
};

}  // namespace

std::unique_ptr<Ledger> MakeOpenLoopLedger(LedgerOptions options, uint32_t workers, uint64_t total,
                                           std::function<int64_t(uint64_t)> due_ns) {
  return std::make_unique<OpenLoopLedger>(options, workers, total, std::move(due_ns));
}

}  // namespace drumfire
