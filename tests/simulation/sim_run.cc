#include "tests/simulation/sim_run.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/plan/plan_hash.h"
#include "coordinator/run/fleet_facts.h"
#include "coordinator/run/phase_totals.h"

namespace drumfire::simulation {
namespace {

constexpr int64_t kReadyTimeoutNs = 5 * kNsPerSecond;
constexpr int64_t kRecordsLimitNs = 30 * kNsPerSecond;
constexpr int64_t kRecordsTurnNs = 20 * kNsPerMs;
constexpr char kRunId[] = "0123456789abcdef";

}  // namespace

SimRun::SimRun(const Scenario& scenario, World* world, const Dataset* dataset, Network* network,
               RecordLink* link, Checker* checker, const StopRequests* stop,
               testing::FakeDisk* disk)
    : scenario_(scenario),
      world_(world),
      dataset_(dataset),
      network_(network),
      link_(link),
      checker_(checker),
      stop_(stop),
      disk_(disk) {
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
  absl::Status connected = fleet_->Connect([this] { return stop_->count() > 0; });
  return connected.ok() ? PreparePhase(0) : connected;
}

absl::StatusOr<RunResult> SimRun::Execute() {
  records_ = std::make_unique<SimRecords>(scenario_, manifest_, link_, checker_, disk_);
  if (!records_->opened()) return absl::ResourceExhaustedError("no journal");
  for (uint32_t worker = 0; worker < fleet_->size(); ++worker) {
    records_->AddWorker(fleet_->member(worker));
  }
  for (int phase = 0; phase < scenario_.plan.phases_size(); ++phase) {
    if (phase > 0) PrepareNext(static_cast<uint32_t>(phase));
    if (!end_.early_end().empty()) break;
    RunPhase();
  }
  return Close();
}

void SimRun::PrepareNext(uint32_t phase) {
  if (!end_.early_end().empty()) return;
  end_.set_early_end(LossThatEndsRun(scenario_.plan, *fleet_));
  if (!end_.early_end().empty()) return;
  for (uint32_t worker = 0; worker < fleet_->size(); ++worker) {
    if (fleet_->member(worker).present()) records_->AddWorker(fleet_->member(worker));
  }
  const absl::Status prepared = PreparePhase(phase);
  if (!prepared.ok()) end_.set_early_end(std::string(prepared.message()));
}

absl::Status SimRun::PreparePhase(uint32_t phase) {
  PhaseObserver* const observer = this;
  runner_ = std::make_unique<PhaseRunner>(scenario_.plan, phase, dataset_, fleet_.get(), stop_,
                                          observer, *world_);
  return runner_->Prepare();
}

void SimRun::RunPhase() {
  const PhaseOutcome outcome = runner_->Run();
  CollectRecords(outcome);
  WriteClosingTotals(outcome);
}

void SimRun::CollectRecords(const PhaseOutcome& outcome) {
  const int64_t deadline_ns = world_->now_ns() + kRecordsLimitNs;
  for (uint32_t worker = 0; worker < outcome.workers.size(); ++worker) {
    const WorkerPhase& state = outcome.workers[worker];
    if (!state.done.has_value()) continue;
    while (!WaitForRecords(worker, state.done->last_batch_sequence())) {
      fleet_->HandleWaiting();
      records_->SendAcks(fleet_.get());
      if (fleet_->member(worker).lost || world_->now_ns() > deadline_ns) break;
    }
  }
  records_->SendAcks(fleet_.get());
}

bool SimRun::WaitForRecords(uint32_t worker, uint64_t sequence) {
  const int64_t until_ns = world_->now_ns() + kRecordsTurnNs;
  while (!records_->HasAll(worker, sequence)) {
    if (!network_->StepUntil(until_ns)) return false;
  }
  return true;
}

void SimRun::WriteClosingTotals(const PhaseOutcome& outcome) {
  for (uint32_t worker = 0; worker < outcome.workers.size(); ++worker) {
    if (!outcome.workers[worker].participates) continue;
    records_->Add(ClosingTotalsOf(*fleet_, outcome, worker));
  }
  *end_.add_phases() = EndOf(outcome);
  end_.set_early_end(outcome.early_end);
}

RunResult SimRun::Close() {
  fleet_->ProbeOnceMore();
  AddClocks(*fleet_, world_->now_ns(), &end_);
  fleet_->Finish();
  for (uint32_t worker = 0; worker < fleet_->size(); ++worker) {
    if (fleet_->member(worker).lost) checker_->OnLost(worker);
  }
  end_.set_wall_ns(world_->WallNs());
  return records_->Close(end_);
}

v1::WorkerStart SimRun::StartOf(const PhaseOutcome& so_far, uint32_t worker) {
  const int64_t now_ns = world_->now_ns();
  checker_->OnStart(so_far.phase, worker, so_far.start_ns,
                    fleet_->member(worker).clock().bound_ns(now_ns));
  return WorkerStartOf(*fleet_, so_far, worker, now_ns);
}

void SimRun::OnPhaseStart(const PhaseOutcome& so_far) {
  v1::PhaseStart start = PhaseStartOf(so_far);
  for (uint32_t worker = 0; worker < so_far.workers.size(); ++worker) {
    if (so_far.workers[worker].participates) *start.add_workers() = StartOf(so_far, worker);
  }
  records_->Add(start);
}

void SimRun::OnJoin(const PhaseOutcome& so_far, uint32_t worker) {
  checker_->OnJoin(worker);
  v1::PhaseStart start = PhaseStartOf(so_far);
  *start.add_workers() = StartOf(so_far, worker);
  records_->Add(start);
}

absl::StatusOr<bool> SimRun::LinkRecords(uint32_t worker) {
  records_->AddWorker(fleet_->member(worker));
  return true;
}

void SimRun::OnHistograms(uint32_t worker, const v1::IntervalHistograms& histograms) {
  if (records_ == nullptr) return;
  v1::WorkerHistograms message;
  message.set_worker(worker);
  *message.mutable_histograms() = histograms;
  records_->Add(message);
}

uint64_t SimRun::CloseRecords(uint32_t worker, uint32_t phase) {
  return records_->CloseWorker(worker, phase);
}

void SimRun::OnProgress(const PhaseOutcome&, int64_t) { records_->SendAcks(fleet_.get()); }

}  // namespace drumfire::simulation
