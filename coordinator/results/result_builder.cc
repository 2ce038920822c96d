#include "coordinator/results/result_builder.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/plan/conversations.h"
#include "coordinator/results/diagnosis.h"
#include "coordinator/results/judged_figures.h"
#include "coordinator/results/load_figures.h"

namespace drumfire {
namespace {

bool HasEnded(const RunFacts& facts) { return !facts.was_cancelled && facts.early_end.empty(); }

bool MayEndEarly(const RunFacts& facts, uint32_t phase) {
  return facts.plan.phases(static_cast<int>(phase)).duration_ns() > 0 || !HasEnded(facts);
}

uint32_t ProfilingPhaseOf(const v1::Plan& plan) {
  for (int i = 0; i < plan.phases_size(); ++i) {
    if (plan.phases(i).kind() == v1::PHASE_PROFILING) return static_cast<uint32_t>(i);
  }
  return 0;
}

PhaseResult FinishPhase(const RunFacts& facts, uint32_t index, const MetricContext& context,
                        PhaseTally* tally) {
  const PhaseFacts& phase_facts = facts.phases[index];
  const v1::Phase& phase = facts.plan.phases(static_cast<int>(index));
  tally->send_gaps.Finish();
  PhaseResult result;
  result.name = phase.name();
  result.index = index;
  result.wall_start_ns = phase_facts.start.wall_ns();
  result.window_ns = tally->in_flight.last_end_ns();
  result.totals = tally->summary.totals();
  result.totals.window_ns = result.window_ns;
  result.totals.wall_start_ns = result.wall_start_ns;
  result.blocks = MakeBlocks(tally->summary, context, result.window_ns);
  result.goal_misses = tally->goal_misses.counts();
  result.errors = tally->errors.Kinds();
  result.accounts = CloseAccounts(facts, phase_facts, tally->received);
  if (MayEndEarly(facts, index)) {
    CancelUnsent(phase_facts.scheduled, &result.accounts.credits);
  } else if (HasConversations(facts.plan.dataset())) {
    AddTurnsOfLostSessions(phase_facts.scheduled, &result.accounts);
  }
  result.connections = tally->connections;
  result.load = MeasureLoad(phase, *tally, result.window_ns);
  result.instrument = MeasureInstrument(tally->stamps, result.accounts);
  return result;
}

// A finite phase grants all its credits, unless something ended it early or a duration did.
void CheckAllHandedOut(const RunFacts& facts, const PhaseResult& phase,
                       std::vector<std::string>* problems) {
  const PhaseFacts& planned = facts.phases[phase.index];
  if (planned.scheduled == 0 || MayEndEarly(facts, phase.index)) return;
  const auto expect = [problems](const char* what, uint64_t scheduled, uint64_t handed_out) {
    if (scheduled == handed_out) return;
    problems->push_back(
        absl::StrCat(scheduled, " ", what, " scheduled, but ", handed_out, " handed out"));
  };
  expect("requests", planned.scheduled, phase.accounts.credits.scheduled);
  if (!HasConversations(facts.plan.dataset())) return;
  expect("sessions", planned.scheduled_sessions, phase.accounts.sessions.scheduled);
}

// A worker's own count of what it was granted stands against the coordinator's. It may be less only
// if the phase ended before its last grants came: by its duration in a closed loop, or early.
void CheckGranted(const RunFacts& facts, const PhaseResult& phase,
                  std::vector<std::string>* problems) {
  const v1::Phase& spec = facts.plan.phases(static_cast<int>(phase.index));
  const bool may_be_less = !HasEnded(facts) || (IsClosedLoop(spec) && spec.duration_ns() > 0);
  const PhaseFacts& planned = facts.phases[phase.index];
  for (const WorkerAccount& account : phase.accounts.workers) {
    const auto granted = planned.granted.find(account.worker);
    if (account.is_lost || granted == planned.granted.end()) continue;
    const uint64_t told = account.done.totals().granted();
    if (told == granted->second || (may_be_less && told < granted->second)) continue;
    problems->push_back(absl::StrCat("worker ", account.worker, ": ", granted->second,
                                     " sessions were granted to it, but it knows of ", told));
  }
}

// Without a cap, nothing keeps a worker from a session that is due but the end of the phase, which
// may cut off those of its last moments.
void CheckBegunWhenDue(const RunFacts& facts, const PhaseResult& phase,
                       std::vector<std::string>* problems) {
  constexpr uint64_t kOneInSoMany = 100;
  const v1::Phase& spec = facts.plan.phases(static_cast<int>(phase.index));
  if (IsClosedLoop(spec) || spec.concurrency() > 0 || !HasEnded(facts)) return;
  for (const WorkerAccount& account : phase.accounts.workers) {
    const v1::CreditTotals& totals = account.done.totals();
    if (account.is_lost || totals.unsent() <= 1 + totals.granted() / kOneInSoMany) continue;
    problems->push_back(absl::StrCat("worker ", account.worker, ": ", totals.unsent(), " of ",
                                     totals.granted(),
                                     " sessions were due, but it never began them"));
  }
}

// The value that a goal sees for a metric without a block.
double ValueWhenHidden(absl::string_view tag) {
  const Metric* metric = FindMetric(tag);
  const bool is_zero = metric != nullptr && metric->hidden_when_zero && !IsDistribution(*metric);
  return is_zero ? 0 : kNoValue;
}

GoalResult EvaluateGoal(const v1::Goal& goal, const std::vector<MetricBlock>& blocks) {
  GoalResult result{goal, std::nullopt, true};
  const MetricBlock* block = FindBlock(blocks, goal.metric());
  const double value = block == nullptr ? ValueWhenHidden(goal.metric()) : block->Stat(goal.stat());
  if (std::isnan(value)) return result;
  result.value = value;
  result.is_missed = IsMissed(goal, value);
  return result;
}

}  // namespace

ResultBuilder::ResultBuilder(const v1::Plan& plan)
    : plan_(plan),
      context_(MetricContextOf(plan)),
      profiling_phase_(ProfilingPhaseOf(plan)),
      prompts_(plan) {
  for (int i = 0; i < plan_.phases_size(); ++i) {
    phases_.push_back(std::make_unique<PhaseTally>(context_, plan_.engine().late_after_ns()));
  }
  if (plan_.urls_size() > 1) urls_.resize(plan_.urls_size(), MetricSummary(context_));
  if (plan_.report().slice_ns() > 0) slices_.emplace(context_, plan_.report().slice_ns());
}

PhaseTally* ResultBuilder::TallyOf(uint32_t phase) {
  return phase < phases_.size() ? phases_[phase].get() : nullptr;
}

void ResultBuilder::AddRecord(const v1::Record& record, uint32_t worker) {
  PhaseTally* tally = TallyOf(record.phase());
  if (tally == nullptr) return;
  tally->Add(record, worker);
  if (record.phase() == profiling_phase_) AddDetails(record);
}

void ResultBuilder::AddDetails(const v1::Record& record) {
  prompts_.Add(record);
  if (record.url() < urls_.size()) urls_[record.url()].Add(record);
  if (slices_.has_value()) slices_->Add(record);
}

void ResultBuilder::AddHistograms(uint32_t worker, const v1::IntervalHistograms& message) {
  PhaseTally* tally = TallyOf(message.phase());
  if (tally == nullptr) return;
  const absl::Status merged = tally->intervals.Merge(message);
  if (!merged.ok())
    damaged_histograms_.push_back(absl::StrCat("worker ", worker, ", ", merged.message()));
  if (message.last()) ++histogram_ends_[message.phase()];
}

const MetricSummary* ResultBuilder::SummaryOf(uint32_t phase) const {
  return phase < phases_.size() ? &phases_[phase]->summary : nullptr;
}

std::vector<UrlResult> ResultBuilder::FinishUrls(int64_t window_ns) const {
  std::vector<UrlResult> results;
  for (size_t i = 0; i < urls_.size(); ++i) {
    results.push_back({plan_.urls(static_cast<int>(i)), urls_[i].totals(),
                       MakeBlocks(urls_[i], context_, window_ns)});
  }
  return results;
}

std::vector<MetricBlock> ResultBuilder::FinishWarmup() const {
  MetricSummary merged(context_);
  int64_t window_ns = 0;
  for (uint32_t i = 0; i < profiling_phase_; ++i) {
    merged.Merge(phases_[i]->summary);
    window_ns += phases_[i]->in_flight.last_end_ns();
  }
  return window_ns == 0 ? std::vector<MetricBlock>() : MakeBlocks(merged, context_, window_ns);
}

uint64_t ResultBuilder::WarmupRequests() const {
  uint64_t requests = 0;
  for (uint32_t i = 0; i < profiling_phase_; ++i) {
    for (const auto& [worker, received] : phases_[i]->received) {
      requests += received.outcomes.Sum();
    }
  }
  return requests;
}

std::vector<std::string> ResultBuilder::OpenSums(const RunResult& result) const {
  std::vector<std::string> problems = result.profiling.accounts.problems;
  CheckAllHandedOut(result.facts, result.profiling, &problems);
  CheckGranted(result.facts, result.profiling, &problems);
  CheckBegunWhenDue(result.facts, result.profiling, &problems);
  for (uint32_t i = 0; i < profiling_phase_; ++i) {
    const Accounts accounts =
        CloseAccounts(result.facts, result.facts.phases[i], phases_[i]->received);
    for (const std::string& problem : accounts.problems) problems.push_back("warmup: " + problem);
  }
  return problems;
}

// Only whole histograms can be compared: every worker's end marker came, and no record was dropped
// or lost on the way.
void ResultBuilder::CompareHistograms(const PhaseResult& profiling, VerdictInputs* inputs) const {
  inputs->different_histograms = damaged_histograms_;
  const auto ends = histogram_ends_.find(profiling_phase_);
  const uint64_t workers = profiling.accounts.workers.size();
  const RecordSums& records = profiling.accounts.records;
  inputs->histograms_compared = inputs->lost_workers == 0 &&
                                records.dropped + records.missing == 0 &&
                                ends != histogram_ends_.end() && ends->second == workers;
  if (!inputs->histograms_compared) return;
  const PhaseTally& tally = *phases_[profiling_phase_];
  for (std::string& tag : tally.intervals.Differences(tally.summary)) {
    inputs->different_histograms.push_back(std::move(tag));
  }
}

void ResultBuilder::AddNotes(const VerdictInputs& inputs, RunResult* result) const {
  result->notes = result->facts.notes;
  if (inputs.damaged_frames > 0) {
    result->notes.push_back(absl::StrCat(inputs.damaged_frames,
                                         " messages of records arrived damaged and were refused; "
                                         "workers send such records again."));
  }
  if (!inputs.histograms_compared) {
    result->notes.push_back(
        "The workers' own histograms were not compared with the records: not all of them came.");
  }
  ResponseAnomalies anomalies;
  const PhaseTally& tally = *phases_[profiling_phase_];
  anomalies.totals = result->profiling.totals;
  anomalies.unstreamed = tally.stamps.unstreamed;
  anomalies.without_usage = tally.stamps.without_usage;
  anomalies.left_open = tally.stamps.left_open;
  anomalies.unfinished = tally.errors.CountOf(v1::ERROR_UNFINISHED);
  anomalies.no_output = tally.errors.CountOf(v1::ERROR_NO_OUTPUT);
  anomalies.streamed_tokens = tally.stamps.streamed_tokens;
  anomalies.streamed_chunks = tally.stamps.streamed_chunks;
  anomalies.errors = result->profiling.errors;
  for (std::string& line : Diagnose(plan_, anomalies)) result->notes.push_back(std::move(line));
  std::string sent_again = SentAgainNote(result->profiling.connections);
  if (!sent_again.empty()) result->notes.push_back(std::move(sent_again));
  if (slices_.has_value() && slices_->left_out() > 0) {
    result->notes.push_back(absl::StrCat("Time slices end after slice ", Slices::kMaxSlices - 1,
                                         ": ", slices_->left_out(),
                                         " requests are in none. Use a longer --slice-duration."));
  }
}

RunResult ResultBuilder::Finish(RunFacts facts) {
  RunResult result;
  facts.phases.resize(phases_.size());
  result.facts = std::move(facts);
  result.context = context_;
  PhaseTally& tally = *phases_[profiling_phase_];
  result.profiling = FinishPhase(result.facts, profiling_phase_, context_, &tally);
  result.profiling.prompts = MeasurePrompts(plan_, prompts_, WarmupRequests());
  result.warmup_blocks = FinishWarmup();
  result.urls = FinishUrls(result.profiling.window_ns);
  if (slices_.has_value()) result.slices = slices_->Finish(result.profiling.window_ns);
  for (const v1::Goal& goal : plan_.report().fail_if()) {
    result.goals.push_back(EvaluateGoal(goal, result.profiling.blocks));
  }
  VerdictInputs inputs = GatherVerdictInputs(plan_, result.profiling, tally);
  inputs.open_sums = OpenSums(result);
  inputs.record_faults = result.facts.record_faults;
  inputs.records_missing = result.profiling.accounts.records.missing;
  inputs.damaged_frames = result.facts.damaged_frames;
  inputs.clock_stepped = result.facts.clock_stepped;
  inputs.journal_fault = result.facts.journal_fault;
  if (!result.facts.end_is_known) inputs.unknown_end = result.facts.early_end;
  CompareHistograms(result.profiling, &inputs);
  result.verdict = Judge(inputs);
  result.is_complete =
      HasEnded(result.facts) && inputs.open_sums.empty() && inputs.lost_workers == 0;
  AddNotes(inputs, &result);
  return result;
}

int ExitCodeOf(const RunResult& result) {
  constexpr int kFailed = 1;
  constexpr int kInvalid = 3;
  constexpr int kGoalMissed = 4;
  if (!HasEnded(result.facts) || result.profiling.totals.completed == 0) return kFailed;
  if (result.verdict.status == VerdictStatus::kInvalid) return kInvalid;
  for (const GoalResult& goal : result.goals) {
    if (goal.is_missed) return kGoalMissed;
  }
  return 0;
}

}  // namespace drumfire
