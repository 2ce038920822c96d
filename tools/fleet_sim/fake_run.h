// A worker's real run whose requests go by a clock of their own.
#pragma once

#include <functional>
#include <string>

#include "tools/fleet_sim/fleet_resources.h"
#include "worker/session/worker_run.h"

namespace drumfire::fleet_sim {

class FakeRun : public WorkerRun {
 public:
  // on_close: why the run ended (empty = the coordinator finished it) and how many batches it sent
  // again. Nothing is owned.
  FakeRun(FleetResources* resources, ControlEnd* end,
          std::function<void(const std::string& why, uint64_t resends)> on_close)
      : WorkerRun(resources, end, /*log_runs=*/false),
        clock_(resources->phase_clock()),
        on_close_(std::move(on_close)) {}

  void StartPhase(const v1::Start& start) override {
    clock_.Begin(start.start_ns());
    ExtendLease(lease_until_ns_);
    WorkerRun::StartPhase(start);
  }
  void ExtendLease(int64_t until_ns) override {
    lease_until_ns_ = until_ns;
    WorkerRun::ExtendLease(clock_.FromMachine(until_ns));
  }
  void Close(const std::string& why) override {
    on_close_(why, record_counters().resends);
    WorkerRun::Close(why);
  }

 private:
  PhaseClock& clock_;
  const std::function<void(const std::string& why, uint64_t resends)> on_close_;
  int64_t lease_until_ns_ = INT64_MIN;  // machine's clock
};

}  // namespace drumfire::fleet_sim
