// Runs one phase over the fleet: prepare, start together, hand out credits, carry on without lost
// workers when the plan allows it, take in those that come back, drain, collect the closing totals.
//
//   PhaseRunner runner(plan, 0, dataset, totals, &fleet, &stop, &listener, clock);
//   runner.BeginPrepare();
//   Drive(&runner, &fleet, clock);            // nothing is sent to the targets yet
//   if (!runner.prepared().ok()) ...
//   runner.BeginRun(&records);
//   Drive(&runner, &fleet, clock);
//   PhaseOutcome outcome = runner.TakeOutcome();
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/dataset/dataset.h"
#include "common/schedule/schedule.h"
#include "coordinator/fleet/fleet.h"
#include "coordinator/fleet/run_stage.h"
#include "coordinator/ledger/ledger.h"
#include "coordinator/run/participants.h"
#include "coordinator/run/phase_claims.h"
#include "coordinator/run/phase_deadline.h"
#include "coordinator/run/phase_listener.h"
#include "coordinator/run/phase_outcome.h"
#include "coordinator/run/record_keeper.h"
#include "coordinator/run/rejoining_workers.h"
#include "coordinator/run/stall_watch.h"
#include "coordinator/run/stop_requests.h"

namespace drumfire {

class PhaseRunner : public RunStage {
 public:
  // Nothing is owned. At least one worker of the fleet is not lost. totals: TotalsOf the phase.
  PhaseRunner(const v1::Plan& plan, uint32_t phase, const Dataset* dataset,
              const PhaseTotals& totals, Fleet* fleet, const StopRequests* stop,
              PhaseListener* listener, const Clock& clock);

  // Once. Then drive it until it is over: connections are open and the first requests ready.
  void BeginPrepare();
  // INVALID_ARGUMENT: a target cannot be reached. DEADLINE_EXCEEDED: a worker did not get ready.
  const absl::Status& prepared() const { return prepared_; }
  // Once, after that. Then drive it until it is over, from the start to the last closing totals.
  // Lost workers and interrupts are no errors, the outcome tells. records outlives the phase.
  void BeginRun(RecordKeeper* records);
  PhaseOutcome TakeOutcome();

  bool is_over() const override { return state_ == State::kPrepared || state_ == State::kEnded; }
  bool Handle(const FleetEvent& event) override;
  int64_t Step(int64_t now_ns) override;

 private:
  enum class State { kNew, kPreparing, kPrepared, kWaitingForLeases, kRunning, kEnded };

  void MakeLedger();
  void SendPrepare();
  void StepPreparing(int64_t now_ns);
  absl::Status CheckTargets();
  void StepWaitingForLeases();
  bool LostMaySend() const;
  void Start();
  void StepRunning(int64_t now_ns);
  void StepCredits(int64_t now_ns);
  void End();
  bool HasReachedState() const;
  void HandleStops();
  void HandleErrorLimit();
  void HandleMessage(WorkerPhase* worker, const FleetEvent& event);
  PhaseSoFar SoFarOf(const WorkerPhase& worker) const;
  void HandleProgress(WorkerPhase* worker, const v1::Progress& progress);
  void Lose(WorkerPhase* worker, const FleetEvent& event);
  bool MayContinue() const;
  void StepRejoiningWorkers();
  void Participate(uint32_t worker, uint32_t participant);
  void ReclaimLostShares();
  void Reclaim(uint32_t worker, uint64_t recorded_below);
  void GrantFinalWhenAllBegun();
  bool HasBegunAll(const WorkerPhase& worker) const;
  void SendGrants(const std::vector<WorkerGrant>& grants);
  void DrainAll(int64_t grace_ns);
  void CancelAll();
  PhaseTotals ScheduledTotals() const;
  bool AllPrepared() const;
  bool AllOver() const;

  const v1::Plan& plan_;
  const v1::Phase& spec_;
  Fleet* const fleet_;
  const StopRequests* const stop_;
  PhaseListener* const listener_;
  const Clock& clock_;

  State state_ = State::kNew;
  absl::Status prepared_;
  int64_t prepare_until_ns_ = 0;
  PhaseOutcome outcome_;
  Participants participants_;
  ArrivalTimes arrivals_;
  std::unique_ptr<Ledger> ledger_;
  // By worker, until there are records to tell of them.
  std::vector<std::pair<uint32_t, v1::Grant>> first_grants_;
  RecordKeeper* records_ = nullptr;  // from BeginRun on
  std::optional<RejoiningWorkers> rejoining_;
  StallWatch stall_watch_;
  PhaseDeadline deadline_;
  int stops_handled_ = 0;
  bool draining_ = false;
  bool final_granted_ = false;
};

}  // namespace drumfire
