#include "tests/simulation/simulation.h"

#include <memory>
#include <optional>
#include <vector>

#include "common/buggify/buggify.h"
#include "tests/simulation/buggify_points.h"
#include "tests/simulation/fault_driver.h"

namespace drumfire::simulation {
namespace {

// After its end a run may leave workers with so much to do: their leases, clogged links, a pause.
constexpr int64_t kLeasesToTheEnd = 4;

// All that one run is made of, in the order in which it may go.
class Simulation {
 public:
  Simulation(uint64_t seed, Mutation mutation, bool talks)
      : scenario_(DrawScenario(seed, mutation)),
        world_(seed),
        workload_(MakeSimulatedWorkload(scenario_.plan)),
        of_workers_(MakeSimulatedWorkload(scenario_.plan, mutation)),
        checker_(scenario_, &world_, workload_->dataset.get()),
        buggify_(seed, scenario_.faults),
        records_(scenario_, &world_) {
    world_.set_talks(talks);
    for (uint32_t i = 0; i < scenario_.workers; ++i) {
      workers_.push_back(
          std::make_unique<SimWorker>(scenario_, i, &world_, of_workers_, &records_, &checker_));
      worker_list_.push_back(workers_.back().get());
    }
    network_.emplace(scenario_, &world_, worker_list_, &checker_);
  }

  Outcome Run() {
    const ScopedBuggify scope([this](const char* name) { return buggify_.Fires(name); });
    FaultDriver faults(scenario_, &world_, &*network_, &records_, worker_list_, &stops_, &disk_);
    faults.Schedule();
    SimRun run(scenario_, &world_, workload_->dataset.get(), &*network_, &records_, &checker_,
               &stops_, &disk_);
    try {
      RunToTheEnd(&run);
    } catch (const CoordinatorKilled&) {
      CheckLeftBehind(run);
    } catch (const RunFailed&) {
    }
    records_.Close();
    if (!checker_.failed()) CheckFreed();
    return Summary();
  }

 private:
  void RunToTheEnd(SimRun* run) {
    const absl::Status connected = run->Connect();
    if (!connected.ok()) return CheckMayFail(connected);
    const absl::StatusOr<RunResult> result = run->Execute();
    if (!result.ok()) return CheckMayFail(result.status());
    checker_.CheckResult(*result, disk_.has_failed, stops_.count());
    if (disk_.has_failed) return;
    const absl::StatusOr<Report> report = MakeReport(disk_.bytes, run->manifest());
    if (!report.ok()) return checker_.Fail("journal", std::string(report.status().message()));
    checker_.CheckReport(*result, report->result);
  }

  // Only a fault may keep a run from its first request.
  void CheckMayFail(const absl::Status& status) {
    if (scenario_.faults.calm()) checker_.Fail("whole", std::string(status.message()));
  }

  // What a killed coordinator leaves behind must hold what it took.
  void CheckLeftBehind(const SimRun& run) {
    world_.Note("killed", 0);
    if (!run.is_open() || scenario_.faults.Has(Fault::kDiskFull)) return;
    const absl::StatusOr<Report> report = MakeReport(disk_.bytes, run.manifest());
    if (!report.ok()) return checker_.Fail("journal", std::string(report.status().message()));
    checker_.CheckJournalHolds(report->batches);
    if (report->result.facts.early_end.empty()) {
      checker_.Fail("journal", "a killed run is not marked partial");
    }
  }

  void CheckFreed() {
    network_->OnCoordinatorGone();
    const int64_t healed_ns = begin_ns_ + kFaultsUntilNs;
    world_.RunUntil(std::max(world_.now_ns(), healed_ns) + kLeasesToTheEnd * scenario_.lease_ns);
    for (uint32_t worker = 0; worker < scenario_.workers; ++worker) {
      const bool never_ready = scenario_.faults.Has(Fault::kNeverReady) && worker == 0;
      checker_.CheckFreed(worker, never_ready || workers_[worker]->is_free(),
                          workers_[worker]->in_flight());
    }
  }

  Outcome Summary() const {
    Outcome outcome;
    outcome.invariant = checker_.violation().invariant;
    outcome.text = checker_.violation().text;
    outcome.trace_hash = world_.trace_hash();
    outcome.steps = world_.steps();
    outcome.requests = checker_.sent();
    outcome.lost_workers = checker_.lost();
    outcome.taken_over = checker_.taken_over();
    outcome.returned_workers = checker_.returned();
    outcome.joined_workers = checker_.joined();
    outcome.buggify_points = buggify_.fired();
    return outcome;
  }

  const Scenario scenario_;
  World world_;
  const int64_t begin_ns_ = world_.now_ns();
  const std::shared_ptr<const Workload> workload_;    // the coordinator's and the checker's
  const std::shared_ptr<const Workload> of_workers_;  // the same, unless a mutation changes it
  Checker checker_;
  BuggifyPoints buggify_;
  RecordStreams records_;
  testutil::FakeDisk disk_;
  SimStops stops_;
  std::vector<std::unique_ptr<SimWorker>> workers_;
  std::vector<SimWorker*> worker_list_;
  std::optional<Network> network_;
};

}  // namespace

Outcome Simulate(uint64_t seed, Mutation mutation, bool talks) {
  return Simulation(seed, mutation, talks).Run();
}

}  // namespace drumfire::simulation
