// Takes one plan through its phases on a fleet: connect, prepare, start, collect the records,
// close. Knows no socket, screen, folder or thread: the simulated fleet drives it as production
// does.
//
//   RunController run({.plan = plan, .fleet = &fleet, .stop = &stop, .clock = clock});
//   run.Connect() -> run.Prepare(dataset, totals) -> run.Run(&records)
#pragma once

#include <cstdint>
#include <memory>
#include <set>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/dataset/dataset.h"
#include "coordinator/fleet/fleet.h"
#include "coordinator/results/run_result.h"
#include "coordinator/run/phase_runner.h"
#include "coordinator/run/run_listener.h"
#include "coordinator/run/run_records.h"
#include "coordinator/run/stop_requests.h"

namespace drumfire {

class RunController : private PhaseListener {
 public:
  struct Parts {
    const v1::Plan& plan;
    Fleet* fleet = nullptr;
    const StopRequests* stop = nullptr;
    const Clock& clock;
    RunListener* listener = nullptr;  // null = nobody listens
  };

  // Nothing is owned; all must outlive the run.
  explicit RunController(const Parts& parts);

  // As ConnectStage: every worker is loaded and its clock is known.
  absl::Status Connect();
  // Makes the first phase ready; nothing is sent to the targets or written. totals: of each phase.
  // INVALID_ARGUMENT: a target cannot be reached.
  absl::Status Prepare(const Dataset* dataset, std::vector<PhaseTotals> totals);
  // Runs all phases and closes the records. Errors come before the first request only; what goes
  // wrong later ends the run early, with a result of what it has.
  absl::StatusOr<RunResult> Run(RunRecords* records);

 private:
  bool IsStopped() const { return parts_.stop->count() > 0; }
  absl::Status LinkRecords();
  absl::Status PreparePhase(uint32_t phase);
  void PrepareNext(uint32_t phase);
  void RunPhase();
  void CollectRecords(const PhaseOutcome& outcome);
  void WriteClosingTotals(const PhaseOutcome& outcome);
  void NoteReclaimed(uint32_t worker, const WorkerPhase& state);
  void NoteIdleReturns();
  void ProbeOnceMore();
  RunResult Close();
  v1::WorkerStart StartOf(const PhaseOutcome& so_far, uint32_t worker) const;
  ProgressSnapshot Figures(const PhaseOutcome& so_far) const;

  void OnPhaseStart(const PhaseOutcome& so_far) override;
  void OnJoin(const PhaseOutcome& so_far, uint32_t worker) override;
  void OnHistograms(uint32_t worker, const v1::IntervalHistograms& histograms) override;
  void OnProgress(const PhaseOutcome& so_far, int64_t now_ns) override;

  const Parts parts_;
  RunListener nobody_;
  RunListener* const listener_;
  Fleet* const fleet_;
  const Clock& clock_;
  const int64_t wall_minus_monotonic_ns_;
  const Dataset* dataset_ = nullptr;
  std::vector<PhaseTotals> totals_;  // of each phase
  RunRecords* records_ = nullptr;
  std::unique_ptr<PhaseRunner> runner_;  // of the phase that is prepared or runs
  std::set<uint32_t> took_part_;         // workers, in a phase that is over
  v1::RunEnd end_;
};

}  // namespace drumfire
