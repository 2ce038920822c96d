#include "coordinator/run/run_assembler.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/clock/clock.h"
#include "common/plan/digest.h"
#include "common/plan/plan_hash.h"
#include "coordinator/ingest/record_check.h"

namespace drumfire {
namespace {

constexpr int64_t kStartsInTimeNs = kNsPerMs;

}  // namespace

RunAssembler::RunAssembler(const v1::RunManifest& manifest, RecordSource source)
    : source_(source), builder_(manifest.plan()) {
  facts_.plan = manifest.plan();
  facts_.plan_hash_hex = HexEncode(PlanHash(manifest.plan()));
  facts_.run_id = manifest.run_id();
  facts_.cli_command = manifest.cli_command();
  facts_.version = manifest.version();
  facts_.notes.assign(manifest.notes().begin(), manifest.notes().end());
  facts_.phases.resize(static_cast<size_t>(manifest.plan().phases_size()));
}

PhaseFacts* RunAssembler::PhaseOf(uint32_t phase) {
  return phase < facts_.phases.size() ? &facts_.phases[phase] : nullptr;
}

void RunAssembler::OnBatch(const v1::RecordBatch& batch) {
  const MutexLock lock(&mutex_);
  for (const v1::Record& record : batch.records()) {
    if (source_ == RecordSource::kGate || CheckRecord(record, facts_.plan).ok()) {
      builder_.AddRecord(record, batch.worker());
    } else {
      ++impossible_records_;
    }
  }
}

void RunAssembler::OnWorkerFacts(const v1::WorkerFacts& facts) {
  const MutexLock lock(&mutex_);
  facts_.workers.push_back(facts);
}

void RunAssembler::OnPhaseStart(const v1::PhaseStart& start) {
  const MutexLock lock(&mutex_);
  PhaseFacts* phase = PhaseOf(start.phase());
  if (phase == nullptr) return;
  const v1::PhaseStart begun = std::exchange(phase->start, start);
  phase->start.mutable_workers()->MergeFrom(begun.workers());
}

std::string RunAssembler::AddressOf(uint32_t worker) const {
  for (const v1::WorkerFacts& facts : facts_.workers) {
    if (facts.worker() == worker) return facts.address();
  }
  return absl::StrCat(worker);
}

// Its part of the load was missing until then.
void RunAssembler::NoteLateStart(const v1::WorkerPhaseDone& done) {
  if (done.start_late_ns() <= kStartsInTimeNs) return;
  facts_.notes.push_back(absl::StrCat(
      "Worker ", AddressOf(done.worker()), " started ", done.start_late_ns() / kNsPerMs,
      " ms late in phase ", facts_.plan.phases(static_cast<int>(done.done().phase())).name(),
      ": its start message came after the start."));
}

void RunAssembler::OnPhaseDone(const v1::WorkerPhaseDone& done) {
  const MutexLock lock(&mutex_);
  PhaseFacts* phase = PhaseOf(done.done().phase());
  if (phase == nullptr) return;
  NoteLateStart(done);
  phase->granted[done.worker()] = done.granted();
  if (done.has_settled()) phase->settled[done.worker()] = done.settled();
  phase->start_late_ns[done.worker()] = done.start_late_ns();
  auto& told = done.lost_reason().empty() ? phase->done : phase->last_words;
  told[done.worker()] = done.done();
}

void RunAssembler::OnHistograms(const v1::WorkerHistograms& histograms) {
  const MutexLock lock(&mutex_);
  builder_.AddHistograms(histograms.worker(), histograms.histograms());
}

void RunAssembler::OnRunEnd(const v1::RunEnd& end) {
  const MutexLock lock(&mutex_);
  ended_ = true;
  facts_.early_end = end.early_end();
  facts_.clock_stepped = end.clock_stepped();
  facts_.journal_fault = end.journal_fault();
  facts_.record_faults.assign(end.record_faults().begin(), end.record_faults().end());
  facts_.damaged_frames = end.damaged_frames();
  facts_.clocks.assign(end.clocks().begin(), end.clocks().end());
  facts_.notes.insert(facts_.notes.end(), end.notes().begin(), end.notes().end());
  for (const v1::PhaseEnd& phase_end : end.phases()) {
    facts_.was_cancelled = facts_.was_cancelled || phase_end.interrupted();
    PhaseFacts* phase = PhaseOf(phase_end.phase());
    if (phase == nullptr) continue;
    phase->scheduled = phase_end.requests();
    phase->scheduled_sessions = phase_end.sessions();
  }
}

void RunAssembler::AddFiguresSoFar(uint32_t phase, ProgressSnapshot* snapshot) const {
  const MutexLock lock(&mutex_);
  const MetricSummary* summary = builder_.SummaryOf(phase);
  if (summary == nullptr) return;
  const Distribution* latency = summary->Find("time_to_first_token");
  if (latency == nullptr) {
    latency = summary->Find("request_latency");
    snapshot->latency_name = "latency";
  }
  if (latency != nullptr && latency->count() > 0) {
    snapshot->latency_p50_ns = latency->Percentile(50);
    snapshot->latency_p99_ns = latency->Percentile(99);
  }
  if (snapshot->elapsed_ns <= 0) return;
  snapshot->tokens_per_second = static_cast<double>(summary->totals().osl()) * kNsPerSecond /
                                static_cast<double>(snapshot->elapsed_ns);
}

RunResult RunAssembler::Finish() {
  const MutexLock lock(&mutex_);
  facts_.end_is_known = ended_;
  if (!ended_ && facts_.early_end.empty()) {
    facts_.early_end =
        "the run's end is not in the journal: its coordinator was killed, or its disk was full";
  }
  if (impossible_records_ > 0) {
    facts_.notes.push_back(absl::StrCat(impossible_records_,
                                        " records were left out: they are of phases that the plan "
                                        "does not have, or cannot be true."));
  }
  return builder_.Finish(std::move(facts_));
}

}  // namespace drumfire
