#include "tests/simulation/sim_run.h"

#include <utility>

#include "common/plan/plan_hash.h"

namespace drumfire::simulation {
namespace {

constexpr int64_t kReadyTimeoutNs = 5 * kNsPerSecond;
constexpr char kRunId[] = "0123456789abcdef";

}  // namespace

SimRun::SimRun(const Scenario& scenario, World* world, const Dataset* dataset, Network* network,
               RecordStreams* link, Checker* checker, const StopRequests* stop,
               testutil::FakeDisk* disk)
    : scenario_(scenario),
      world_(world),
      dataset_(dataset),
      network_(network),
      link_(link),
      checker_(checker),
      stop_(stop),
      heard_(scenario, stop),
      disk_(disk),
      clock_(world, 0),
      loops_(world, &clock_),
      entries_(checker) {
  manifest_.set_run_id(kRunId);
  *manifest_.mutable_plan() = scenario.plan;
  manifest_.set_workers(scenario.workers);
}

absl::Status SimRun::Connect() {
  FleetOptions options;
  for (uint32_t worker = 0; worker < scenario_.workers; ++worker) {
    options.addresses.push_back(AddressOf(worker));
  }
  options.same_host = scenario_.same_host;
  options.plan = scenario_.plan;
  options.plan_hash = PlanHash(scenario_.plan);
  options.run_id = kRunId;
  options.lease_ns = scenario_.lease_ns;
  options.record_buffer_bytes = scenario_.record_buffer_bytes;
  options.redial_lost = scenario_.plan.loss().action() == v1::LOSS_CONTINUE;
  options.ready_timeout = absl::Nanoseconds(kReadyTimeoutNs);
  fleet_ = std::make_unique<Fleet>(
      std::move(options), std::make_unique<SimLinks>(network_, checker_), &chunks_, *world_);
  RunListener* const listener = this;
  run_.emplace(RunController::Parts{scenario_.plan, fleet_.get(), &heard_, *world_, listener});
  const absl::Status connected = run_->Connect();
  if (!connected.ok()) return connected;
  return run_->Prepare(dataset_, TotalsOfPhases(scenario_.plan, dataset_));
}

absl::Status SimRun::OpenRecords() {
  WatchDisk();
  RunRecords::Parts parts;
  parts.file = MakeJournalFile(scenario_, disk_);
  parts.plan_hash = PlanHash(scenario_.plan);
  parts.transport = std::make_unique<SimRecordTransport>(scenario_, link_);
  parts.runners = &loops_;
  parts.clock = world_;
  parts.visitor = &entries_;
  auto records = RunRecords::Create(manifest_, std::move(parts));
  if (!records.ok()) return records.status();
  records_ = *std::move(records);
  return absl::OkStatus();
}

// The loop that writes is the one that stands still with the disk.
void SimRun::WatchDisk() {
  disk_->on_append = [this] {
    if (loops_.running() != nullptr) writer_ = loops_.running();
  };
  disk_->stand_until = [this](int64_t time_ns) { loops_.BlockUntil(writer_, time_ns); };
}

absl::StatusOr<RunResult> SimRun::Execute() {
  if (absl::Status opened = OpenRecords(); !opened.ok()) return opened;
  auto result = run_->Run(records_.get());
  for (uint32_t worker = 0; worker < fleet_->size(); ++worker) {
    if (fleet_->member(worker).lost) checker_->OnLost(worker);
  }
  return result;
}

void SimRun::CheckStart(const PhaseOutcome& so_far, uint32_t worker) {
  checker_->OnStart(so_far.phase, worker, so_far.start_ns,
                    fleet_->member(worker).clock().bound_ns(world_->now_ns()));
}

void SimRun::OnPhaseStart(const PhaseOutcome& so_far) {
  for (uint32_t worker = 0; worker < so_far.workers.size(); ++worker) {
    if (so_far.workers[worker].participates) CheckStart(so_far, worker);
  }
}

// A step heeds the user before it tells of progress.
void SimRun::OnProgress(const std::string&, const MakeFigures&) {
  was_stopped_ = stop_->count() > 0;
}

void SimRun::OnPhaseEnd(const PhaseOutcome& outcome, const ProgressSnapshot&) {
  if (was_stopped_ && !outcome.interrupted) {
    checker_->Fail("stopped", "the user stopped the run and it went on");
  }
}

void SimRun::OnJoin(const PhaseOutcome& so_far, uint32_t worker) {
  checker_->OnJoin(worker);
  CheckStart(so_far, worker);
}

}  // namespace drumfire::simulation
