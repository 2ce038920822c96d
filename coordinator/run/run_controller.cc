#include "coordinator/run/run_controller.h"

#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "coordinator/fleet/fleet_stages.h"
#include "coordinator/run/fleet_facts.h"
#include "coordinator/run/phase_totals.h"
#include "coordinator/run/record_stages.h"
#include "coordinator/run/run_losses.h"
#include "glog/logging.h"

namespace drumfire {
namespace {

// A wall clock further off its monotonic clock than at the start has been stepped.
constexpr int64_t kClockStepNs = 100 * kNsPerMs;

int64_t WallMinusMonotonicNs(const Clock& clock) { return clock.WallNs() - clock.MonotonicNs(); }

}  // namespace

RunController::RunController(const Parts& parts)
    : parts_(parts),
      listener_(parts.listener != nullptr ? parts.listener : &nobody_),
      fleet_(parts.fleet),
      clock_(parts.clock),
      wall_minus_monotonic_ns_(WallMinusMonotonicNs(parts.clock)) {
  CHECK_GT(parts.plan.phases_size(), 0);
}

absl::Status RunController::Connect() {
  ConnectStage stage(
      fleet_, [this] { return IsStopped(); }, clock_.MonotonicNs());
  Drive(&stage, fleet_, clock_);
  return stage.status();
}

absl::Status RunController::Prepare(const Dataset* dataset, std::vector<PhaseTotals> totals) {
  CHECK_EQ(totals.size(), static_cast<size_t>(parts_.plan.phases_size()));
  dataset_ = dataset;
  totals_ = std::move(totals);
  return PreparePhase(0);
}

absl::StatusOr<RunResult> RunController::Run(RunRecords* records) {
  CHECK(runner_ != nullptr) << "not prepared";
  CHECK(records_ == nullptr) << "run twice";
  records_ = records;
  DRUMFIRE_RETURN_IF_ERROR(LinkRecords());
  for (int phase = 0; phase < parts_.plan.phases_size(); ++phase) {
    if (phase > 0) PrepareNext(static_cast<uint32_t>(phase));
    if (!end_.early_end().empty()) break;
    RunPhase();
  }
  RunResult result = Close();
  listener_->OnResult(result);
  return result;
}

absl::Status RunController::LinkRecords() {
  LinkRecordsStage stage(records_, fleet_, parts_.stop, clock_.MonotonicNs());
  Drive(&stage, fleet_, clock_);
  return stage.status();
}

// Records are there by now: what goes wrong here ends the run early, with a report of what it has.
void RunController::PrepareNext(uint32_t phase) {
  if (!end_.early_end().empty()) return;
  end_.set_early_end(LossThatEndsRun(parts_.plan, *fleet_));
  if (!end_.early_end().empty()) return;
  RelinkRecordsStage stage(records_, fleet_, clock_.MonotonicNs());
  Drive(&stage, fleet_, clock_);
  const absl::Status prepared = PreparePhase(phase);
  if (!prepared.ok()) end_.set_early_end(std::string(prepared.message()));
}

absl::Status RunController::PreparePhase(uint32_t phase) {
  PhaseListener* const listener = this;
  runner_ = std::make_unique<PhaseRunner>(parts_.plan, phase, dataset_, totals_[phase], fleet_,
                                          parts_.stop, listener, clock_);
  runner_->BeginPrepare();
  Drive(&*runner_, fleet_, clock_);
  return runner_->prepared();
}

void RunController::RunPhase() {
  runner_->BeginRun(records_);
  Drive(&*runner_, fleet_, clock_);
  const PhaseOutcome outcome = runner_->TakeOutcome();
  listener_->OnPhaseEnd(outcome, Figures(outcome));
  CollectRecords(outcome);
  WriteClosingTotals(outcome);
}

void RunController::CollectRecords(const PhaseOutcome& outcome) {
  CollectRecordsStage stage(records_, fleet_, parts_.stop, outcome, clock_.MonotonicNs());
  Drive(&stage, fleet_, clock_);
}

void RunController::WriteClosingTotals(const PhaseOutcome& outcome) {
  for (uint32_t worker = 0; worker < outcome.workers.size(); ++worker) {
    const WorkerPhase& state = outcome.workers[worker];
    if (!state.participates) continue;
    took_part_.insert(worker);
    records_->Add(ClosingTotalsOf(*fleet_, outcome, worker));
    if (state.share_reclaimed) NoteReclaimed(worker, state);
  }
  *end_.add_phases() = EndOf(outcome);
  end_.set_early_end(outcome.early_end);
}

void RunController::NoteReclaimed(uint32_t worker, const WorkerPhase& state) {
  const Member& member = fleet_->member(worker);
  end_.add_notes(absl::StrCat("Worker ", member.address(), " was lost (", member.lost_reason,
                              "): ", state.credits_reclaimed,
                              " requests that it had not sent went to the other workers."));
}

// Who came back and took part in no phase has no line in the report.
void RunController::NoteIdleReturns() {
  for (uint32_t worker = 0; worker < fleet_->size(); ++worker) {
    const Member& member = fleet_->member(worker);
    if (!member.present() || member.returns == 0 || took_part_.contains(worker)) continue;
    end_.add_notes(absl::StrCat("Worker ", member.address(),
                                " came back and took no part: no phase began after that, or there "
                                "was no room for it in one that ran (see --elastic)."));
  }
}

void RunController::ProbeOnceMore() {
  LastProbesStage stage(fleet_, clock_.MonotonicNs());
  Drive(&stage, fleet_, clock_);
}

RunResult RunController::Close() {
  NoteIdleReturns();
  ProbeOnceMore();
  if (fleet_->refused_messages() > 0) {
    end_.add_notes(absl::StrCat(fleet_->refused_messages(),
                                " messages were refused: they came from workers that were lost "
                                "before."));
  }
  AddClocks(*fleet_, clock_.MonotonicNs(), &end_);
  fleet_->Finish();
  end_.set_wall_ns(clock_.WallNs());
  const int64_t step_ns = WallMinusMonotonicNs(clock_) - wall_minus_monotonic_ns_;
  end_.set_clock_stepped(std::abs(step_ns) > kClockStepNs);
  return records_->Close(end_);
}

v1::WorkerStart RunController::StartOf(const PhaseOutcome& so_far, uint32_t worker) const {
  return WorkerStartOf(*fleet_, so_far, worker, clock_.MonotonicNs());
}

void RunController::OnPhaseStart(const PhaseOutcome& so_far) {
  v1::PhaseStart start = PhaseStartOf(so_far);
  for (uint32_t worker = 0; worker < so_far.workers.size(); ++worker) {
    if (so_far.workers[worker].participates) *start.add_workers() = StartOf(so_far, worker);
  }
  records_->Add(start);
  listener_->OnPhaseStart(so_far);
}

void RunController::OnJoin(const PhaseOutcome& so_far, uint32_t worker) {
  v1::PhaseStart start = PhaseStartOf(so_far);
  *start.add_workers() = StartOf(so_far, worker);
  records_->Add(start);
  end_.add_notes(absl::StrCat(
      "Worker ", fleet_->member(worker).address(), " came back and took part from second ",
      (clock_.MonotonicNs() - so_far.start_ns) / kNsPerSecond, " of the phase on (--elastic)."));
  listener_->OnJoin(so_far, worker);
}

void RunController::OnHistograms(uint32_t worker, const v1::IntervalHistograms& histograms) {
  if (records_ == nullptr) return;  // a phase cancelled before the start: there are none in it
  v1::WorkerHistograms entry;
  entry.set_worker(worker);
  *entry.mutable_histograms() = histograms;
  records_->Add(entry);
  listener_->OnHistograms(worker, histograms);
}

void RunController::OnProgress(const PhaseOutcome& so_far, int64_t) {
  records_->SendAcks(fleet_);
  const v1::Phase& phase = parts_.plan.phases(static_cast<int>(so_far.phase));
  listener_->OnProgress(phase.name(), [this, &so_far] { return Figures(so_far); });
}

ProgressSnapshot RunController::Figures(const PhaseOutcome& so_far) const {
  ProgressSnapshot snapshot = MakeSnapshot(parts_.plan, so_far, clock_.MonotonicNs());
  records_->AddFiguresSoFar(so_far.phase, &snapshot);
  return snapshot;
}

}  // namespace drumfire
