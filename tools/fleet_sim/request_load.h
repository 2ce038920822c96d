// Requests as a real worker makes them: the real schedule, ready queue, dispatcher and lease over
// the fake engine. What the worker's I/O thread and preparer do in their loops is done here turn by
// turn.
#pragma once

#include <memory>
#include <optional>

#include "common/schedule/schedule.h"
#include "tools/fleet_sim/fake_engine.h"
#include "tools/fleet_sim/load.h"
#include "tools/fleet_sim/phase_clock.h"
#include "tools/fleet_sim/workloads.h"
#include "worker/dispatch/dispatcher.h"
#include "worker/dispatch/unmade_credits.h"

namespace drumfire::fleet_sim {

class RequestLoad : public Load, private EngineOwner {
 public:
  // speed_up: of the phase's clock. clock must outlive the load.
  RequestLoad(std::shared_ptr<const Workload> workload, const v1::Prepare& prepare,
              const FakeAnswer& answer, double speed_up, const Clock& clock,
              LoadCallbacks callbacks);

  void Add(const v1::Grant& grant) override;
  void Start(int64_t start_ns) override;
  void SetSlots(uint32_t slots) override { dispatcher_.SetSlots(slots, clock_.MonotonicNs()); }
  void Drain(int64_t grace_ns) override { dispatcher_.Drain(clock_.MonotonicNs(), grace_ns); }
  void Cancel() override { dispatcher_.Cancel(); }
  void ExtendLease(int64_t until_ns) override;
  int64_t Turn() override;
  v1::CreditTotals totals() const override { return dispatcher_.totals(); }
  uint64_t LowestUnsent() override { return dispatcher_.LowestUnsent(); }

 private:
  PhaseSettings SettingsOf(const v1::Prepare& prepare) const;
  void MakeRequests();
  std::unique_ptr<Exchange> Make(uint64_t k);
  bool IsHungry() const;
  void TellOwner();
  void OnFinished(std::unique_ptr<Exchange> exchange) override;

  const std::shared_ptr<const Workload> workload_;
  const uint32_t phase_;
  const LoadCallbacks callbacks_;
  PhaseClock clock_;
  int64_t lease_until_ns_ = INT64_MIN;  // machine's clock
  Lease lease_;                         // phase's clock

  UnmadeCredits unmade_;
  std::optional<ScheduleCursor> cursor_;
  uint64_t cursor_k_ = 0;
  ReadyQueue queue_;
  FakeEngine engine_;
  UsageRefusal usage_refusal_;
  Dispatcher dispatcher_;
  uint64_t granted_ = 0;
  uint64_t made_ = 0;
  uint64_t low_water_ = 0;
  bool told_hungry_ = true;
  bool told_end_ = false;
};

}  // namespace drumfire::fleet_sim
