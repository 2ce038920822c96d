// Runs one phase over the fleet: prepare, start together, hand out credits, carry on without lost
// workers when the plan allows it, drain, collect the closing totals.
#pragma once

#include <cstdint>
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
#include "coordinator/run/stop_requests.h"

namespace drumfire {

// What one worker said of the phase.
struct WorkerPhase {
  bool participates = false;
  uint32_t hand = 0;  // its number among those that take part
  uint64_t granted = 0;
  std::optional<v1::Prepared> prepared;
  std::optional<v1::Progress> progress;  // the last one
  std::optional<v1::PhaseDone> done;
  int64_t start_late_ns = 0;
  bool lost = false;
  bool share_taken = false;    // lost, and what it had not sent went to the others
  uint64_t credits_taken = 0;  // of those it had held

  bool over() const { return !participates || lost || done.has_value(); }
};

struct PhaseOutcome {
  uint32_t phase = 0;
  // Credits of the phase, kUnboundedCredits when only its duration ends it.
  uint64_t total = 0;
  int64_t start_ns = 0;  // our monotonic clock
  int64_t start_wall_ns = 0;
  int64_t end_ns = 0;
  bool interrupted = false;
  std::string early_end;  // why the phase ended early, in words; empty = it did not
  std::vector<WorkerPhase> workers;
};

// Told on the run's thread while a phase runs.
class PhaseObserver {
 public:
  virtual ~PhaseObserver() = default;
  virtual void OnPhaseStart(const PhaseOutcome& so_far) = 0;
  virtual void OnHistograms(uint32_t worker, const v1::IntervalHistograms& histograms) = 0;
  // A lost worker cannot send any more: no record of it counts from now on. Returns 1 + the highest
  // k of the phase that a record of it was for, 0 without any.
  virtual uint64_t CloseRecords(uint32_t worker, uint32_t phase) = 0;
  // Now and then.
  virtual void OnProgress(const PhaseOutcome& so_far, int64_t now_ns) = 0;
};

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
  void ChooseParticipants();
  std::vector<uint32_t> SlotsOf(uint32_t hands) const;
  void MakeLedger();
  void SendPrepare();
  absl::Status WaitForPrepared();
  void WaitForLostLeases();
  bool LostMaySend() const;
  void Start();
  void WaitForEnd();
  void HandleStops();
  void Handle(const FleetEvent& event);
  void HandleMessage(WorkerPhase* worker, const FleetEvent& event);
  void HandleProgress(WorkerPhase* worker, const v1::Progress& progress);
  void Lose(WorkerPhase* worker, const FleetEvent& event);
  bool MayContinue() const;
  void TakeOverLostShares();
  void TakeOver(uint32_t worker);
  void ShareSlots();
  void TellLastWhenAllSent();
  bool HasSentAll(const WorkerPhase& worker) const;
  void SendGrants(const std::vector<WorkerGrant>& grants);
  void SendToAll(const v1::CoordinatorMessage& message);
  void DrainAll(int64_t grace_ns);
  void CancelAll();
  uint64_t ScheduledTotal() const;
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
  std::vector<uint32_t> participants_;  // workers; the ledger knows them by their place in here
  ArrivalTimes arrivals_;
  std::unique_ptr<Ledger> ledger_;
  int stops_handled_ = 0;
  bool draining_ = false;
  bool told_last_ = false;
};

}  // namespace drumfire
