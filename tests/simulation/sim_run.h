// The coordinator's side of a simulated run: the real one on simulated links, records and disk.
#pragma once

#include <memory>
#include <optional>

#include "coordinator/run/run_controller.h"
#include "tests/simulation/network.h"
#include "tests/simulation/sim_loops.h"
#include "tests/simulation/sim_records.h"

namespace drumfire::simulation {

class SimStops : public StopRequests {
 public:
  int count() const override { return count_; }
  void Request() { ++count_; }

 private:
  int count_ = 0;
};

// Of the run's own: the user's, unless a mutation keeps them from it.
class HeardStops : public StopRequests {
 public:
  HeardStops(const Scenario& scenario, const StopRequests* stops)
      : scenario_(scenario), stops_(stops) {}
  int count() const override {
    return scenario_.mutation == Mutation::kStopUnheard ? 0 : stops_->count();
  }

 private:
  const Scenario& scenario_;
  const StopRequests* const stops_;
};

class SimRun : private RunListener {
 public:
  // Nothing is owned.
  SimRun(const Scenario& scenario, World* world, const Dataset* dataset, Network* network,
         RecordStreams* link, Checker* checker, const StopRequests* stop, testutil::FakeDisk* disk);

  // Throws what Network throws.
  absl::Status Connect();
  absl::StatusOr<RunResult> Execute();

  const v1::RunManifest& manifest() const { return manifest_; }
  bool is_open() const { return records_ != nullptr; }

 private:
  absl::Status OpenRecords();
  void WatchDisk();
  void CheckStart(const PhaseOutcome& so_far, uint32_t worker);
  void OnPhaseStart(const PhaseOutcome& so_far) override;
  void OnJoin(const PhaseOutcome& so_far, uint32_t worker) override;
  void OnProgress(const std::string& phase, const MakeFigures& figures) override;
  void OnPhaseEnd(const PhaseOutcome& outcome, const ProgressSnapshot& closing) override;

  const Scenario& scenario_;
  World* const world_;
  const Dataset* const dataset_;
  Network* const network_;
  RecordStreams* const link_;
  Checker* const checker_;
  const StopRequests* const stop_;
  const HeardStops heard_;
  bool was_stopped_ = false;  // while a phase ran
  testutil::FakeDisk* const disk_;
  const HostClock clock_;
  SimLoops loops_;
  SimLoopRunner* writer_ = nullptr;  // the journal's
  CheckedEntries entries_;
  v1::RunManifest manifest_;
  ChunkMap chunks_;
  std::unique_ptr<Fleet> fleet_;
  std::unique_ptr<RunRecords> records_;
  std::optional<RunController> run_;
};

}  // namespace drumfire::simulation
