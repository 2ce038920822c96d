// Closed-loop credits that cost nothing: each is taken for a request that was answered the moment
// it was granted and whose record was not kept. The accounts close (every record is counted as
// dropped), and what is measured is the control side alone.
#pragma once

#include "common/clock/clock.h"
#include "tools/fleet_sim/load.h"
#include "worker/dispatch/ready_queue.h"

namespace drumfire::fleet_sim {

class CountingLoad : public Load {
 public:
  // duration_ns: of the phase, 0 = until the last credit. clock must outlive the load.
  CountingLoad(uint32_t slots, int64_t duration_ns, const Clock& clock, LoadCallbacks callbacks)
      : slots_(slots), duration_ns_(duration_ns), clock_(clock), callbacks_(std::move(callbacks)) {}

  void Add(const v1::Grant& grant) override;
  void Start(int64_t start_ns) override { start_ns_ = start_ns; }
  void SetSlots(uint32_t slots) override { slots_ = slots; }
  void Drain(int64_t) override { stopped_ = true; }
  void Cancel() override { stopped_ = true; }
  void ExtendLease(int64_t) override {}
  int64_t Turn() override;
  v1::CreditTotals totals() const override;
  uint64_t LowestUnsent() override { return unsent_ == 0 ? kNoCredit : lowest_unsent_; }

 private:
  uint32_t slots_;
  const int64_t duration_ns_;
  const Clock& clock_;
  const LoadCallbacks callbacks_;
  int64_t start_ns_ = INT64_MAX;
  uint64_t granted_ = 0;
  uint64_t unsent_ = 0;
  uint64_t lowest_unsent_ = 0;
  bool has_news_ = false;  // a grant that was not answered by hunger yet
  bool has_last_ = false;
  bool stopped_ = false;
  bool told_end_ = false;
};

}  // namespace drumfire::fleet_sim
