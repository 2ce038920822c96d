// The coordinator's side of a simulated run: the real fleet, phase runner and ledger on simulated
// links and records, taken through the phases as ProfileRun does it.
#pragma once

#include <memory>
#include <string>

#include "coordinator/run/phase_runner.h"
#include "tests/simulation/network.h"
#include "tests/simulation/sim_records.h"

namespace drumfire::simulation {

class SimStops : public StopRequests {
 public:
  int count() const override { return count_; }
  void Request() { ++count_; }

 private:
  int count_ = 0;
};

class SimRun : private PhaseObserver {
 public:
  // Nothing is owned.
  SimRun(const Scenario& scenario, World* world, const Dataset* dataset, Network* network,
         RecordLink* link, Checker* checker, const StopRequests* stop, testing::FakeDisk* disk);

  // Throws what Network throws.
  absl::Status Connect();
  absl::StatusOr<RunResult> Execute();

  const v1::RunManifest& manifest() const { return manifest_; }
  bool is_open() const { return records_ != nullptr && records_->opened(); }
  bool journal_failed() const { return is_open() && records_->journal_failed(); }

 private:
  absl::Status PreparePhase(uint32_t phase);
  void PrepareNext(uint32_t phase);
  void RunPhase();
  void CollectRecords(const PhaseOutcome& outcome);
  bool WaitForRecords(uint32_t worker, uint64_t sequence);
  void WriteClosingTotals(const PhaseOutcome& outcome);
  RunResult Close();
  v1::WorkerStart StartOf(const PhaseOutcome& so_far, uint32_t worker);

  void OnPhaseStart(const PhaseOutcome& so_far) override;
  void OnJoin(const PhaseOutcome& so_far, uint32_t worker) override;
  absl::StatusOr<bool> LinkRecords(uint32_t worker) override;
  void OnHistograms(uint32_t worker, const v1::IntervalHistograms& histograms) override;
  uint64_t CloseRecords(uint32_t worker, uint32_t phase) override;
  void OnProgress(const PhaseOutcome& so_far, int64_t now_ns) override;

  const Scenario& scenario_;
  World* const world_;
  const Dataset* const dataset_;
  Network* const network_;
  RecordLink* const link_;
  Checker* const checker_;
  const StopRequests* const stop_;
  testing::FakeDisk* const disk_;
  v1::RunManifest manifest_;
  ChunkMap chunks_;
  std::unique_ptr<Fleet> fleet_;
  std::unique_ptr<SimRecords> records_;
  std::unique_ptr<PhaseRunner> runner_;
  v1::RunEnd end_;
};

}  // namespace drumfire::simulation
