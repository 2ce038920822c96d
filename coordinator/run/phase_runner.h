// Runs one phase over the fleet: prepare, start together, hand out credits, carry on without lost
// workers when the plan allows it, take in those that come back, drain, collect the closing totals.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/dataset/dataset.h"
#include "common/schedule/schedule.h"
#include "coordinator/fleet/fleet.h"
#include "coordinator/ledger/ledger.h"
#include "coordinator/run/participants.h"
#include "coordinator/run/phase_deadline.h"
#include "coordinator/run/phase_outcome.h"
#include "coordinator/run/rejoining_workers.h"
#include "coordinator/run/stop_requests.h"

namespace drumfire {

// Why no further phase can run after the losses so far, in words; empty = it can.
std::string LossThatEndsRun(const v1::Plan& plan, const Fleet& fleet);

class PhaseRunner {
 public:
  // Nothing is owned. At least one worker of the fleet is not lost.
  PhaseRunner(const v1::Plan& plan, uint32_t phase, const Dataset* dataset, Fleet* fleet,
              const StopRequests* stop, PhaseObserver* observer, const Clock& clock);

  // Opens connections and makes the first requests ready; nothing is sent. INVALID_ARGUMENT: a
  // target cannot be reached.
  absl::Status Prepare();
  // After Prepare: from the start to the last closing totals. Lost workers and interrupts are no
  // errors, the outcome tells.
  PhaseOutcome Run();

 private:
  void MakeLedger();
  void SendPrepare();
  absl::Status WaitForPrepared();
  void WaitForLostLeases();
  bool LostMaySend() const;
  void Start();
  void WaitForEnd();
  void HandleTurn(const std::function<bool()>& is_reached);
  void HandleStops();
  void HandleErrorLimit();
  void Handle(const FleetEvent& event);
  void HandleMessage(WorkerPhase* worker, const FleetEvent& event);
  void HandleProgress(WorkerPhase* worker, const v1::Progress& progress);
  void Lose(WorkerPhase* worker, const FleetEvent& event);
  bool MayContinue() const;
  void StepRejoiningWorkers();
  void ReclaimLostShares();
  void Reclaim(uint32_t worker);
  void GrantFinalWhenAllSent();
  bool HasSentAll(const WorkerPhase& worker) const;
  void SendGrants(const std::vector<WorkerGrant>& grants);
  void DrainAll(int64_t grace_ns);
  void CancelAll();
  uint64_t ScheduledTotal() const;
  void LoseOverdue();
  bool AllPrepared() const;
  bool AllOver() const;

  const v1::Plan& plan_;
  const v1::Phase& spec_;
  const Dataset* const dataset_;
  Fleet* const fleet_;
  const StopRequests* const stop_;
  PhaseObserver* const observer_;
  const Clock& clock_;

  PhaseOutcome outcome_;
  Participants participants_;
  ArrivalTimes arrivals_;
  std::unique_ptr<Ledger> ledger_;
  std::optional<RejoiningWorkers> rejoining_;
  PhaseDeadline deadline_;
  int stops_handled_ = 0;
  bool draining_ = false;
  bool final_granted_ = false;
};

}  // namespace drumfire
