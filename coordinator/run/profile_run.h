// One run while it goes: owns the fleet and what is written down, and takes the phases through
// them.
#pragma once

#include <future>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/dataset/dataset.h"
#include "common/tokens/tokenizer.h"
#include "coordinator/fleet/fleet.h"
#include "coordinator/fleet/local_fleet.h"
#include "coordinator/fleet/worker_address.h"
#include "coordinator/run/phase_runner.h"
#include "coordinator/run/profile_request.h"
#include "coordinator/run/run_records.h"
#include "coordinator/ui/progress_line.h"
#include "coordinator/ui/screen_log.h"

namespace drumfire {

class ProfileRun : private PhaseObserver {
 public:
  // Nothing is owned; all must outlive the run.
  ProfileRun(const ProfileRequest& request, const StopRequests* stop, const Clock& clock);

  // Finds or starts the workers, dials them, loads everything, checks limits and targets. Nothing
  // is sent or written.
  absl::Status Connect();
  // Makes the folder with manifest and journal, runs all phases, closes the journal.
  absl::StatusOr<RunResult> Execute();
  // After Connect.
  const v1::RunManifest& manifest() const { return manifest_; }
  const Dataset* dataset() const { return workload_.dataset.get(); }

 private:
  struct Workload {
    std::unique_ptr<Tokenizer> tokenizer;
    std::unique_ptr<Dataset> dataset;
  };

  absl::StatusOr<Workload> LoadWorkload() const;
  absl::StatusOr<FleetOptions> MakeFleetOptions(const std::vector<WorkerAddress>& workers);
  absl::Status CheckFleet() const;
  v1::RunManifest MakeManifest() const;
  absl::Status OpenFolder();
  absl::Status ConnectRecords();
  absl::Status WaitForRecordLinks();
  void LinkRejoiningWorkers();
  absl::Status CheckNobodyLost() const;
  absl::Status PreparePhase(uint32_t phase);
  void PrepareNext(uint32_t phase);
  void RunPhase();
  void CollectRecords(const PhaseOutcome& outcome);
  void WriteClosingTotals(const PhaseOutcome& outcome);
  void NoteReclaimed(uint32_t worker, const WorkerPhase& state);
  void NoteIdleReturns();
  RunResult Close();

  void OnPhaseStart(const PhaseOutcome& so_far) override;
  void OnJoin(const PhaseOutcome& so_far, uint32_t worker) override;
  absl::StatusOr<bool> LinkRecords(uint32_t worker) override;
  void OnHistograms(uint32_t worker, const v1::IntervalHistograms& histograms) override;
  uint64_t CloseRecords(uint32_t worker, uint32_t phase) override;
  std::string WhyToEnd() override { return records_->ErrorLimitReached(); }
  void OnProgress(const PhaseOutcome& so_far, int64_t now_ns) override;

  const ProfileRequest& request_;
  const StopRequests* const stop_;
  const Clock& clock_;
  const std::string run_id_;
  const std::string plan_hash_;
  LinkKeys record_keys_;
  int64_t wall_minus_monotonic_ns_ = 0;

  // Local workers may write to the log until they have ended.
  std::unique_ptr<ProgressLine> progress_;
  std::optional<ScreenLog> screen_log_;  // beside a line that is redrawn

  // The streams end before the local workers are waited for, and nothing is recorded after them.
  std::unique_ptr<LocalFleet> local_fleet_;
  std::unique_ptr<Fleet> fleet_;
  std::unique_ptr<RunRecords> records_;
  Workload workload_;
  std::unique_ptr<PhaseRunner> runner_;  // of the phase that is prepared or runs
  std::set<uint32_t> took_part_;         // workers, in a phase that is over
  v1::RunManifest manifest_;
  v1::RunEnd end_;
};

}  // namespace drumfire
