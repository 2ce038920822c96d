// What the checker looks at when a run is over.
#include <algorithm>
#include <cstdlib>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/simulation/checker.h"

namespace drumfire::simulation {
namespace {

struct Outcomes {
  uint64_t completed = 0, failed = 0, cancelled = 0, dropped = 0;

  void Add(v1::Outcome outcome) {
    completed += outcome == v1::OUTCOME_COMPLETED;
    failed += outcome == v1::OUTCOME_FAILED;
    cancelled += outcome == v1::OUTCOME_CANCELLED;
    dropped += outcome == v1::OUTCOME_DROPPED;
  }
};

std::string SumsOf(const CreditSums& credits) {
  return absl::StrCat(credits.scheduled, " scheduled, ", credits.completed, " completed, ",
                      credits.failed, " failed, ", credits.cancelled, " cancelled, ",
                      credits.dropped, " dropped, ", credits.lost, " lost, ", credits.fate_unknown,
                      " of unknown fate, ", credits.unsent_turns, " turns unsent");
}

std::string SumsOf(const SessionSums& sessions) {
  return absl::StrCat(sessions.scheduled, " sessions, ", sessions.completed, " completed, ",
                      sessions.ended_early, " ended early, ", sessions.dropped, " dropped, ",
                      sessions.lost, " lost, ", sessions.fate_unknown, " of unknown fate");
}

bool SaysAnything(const std::vector<std::string>& notes, absl::string_view what) {
  return std::any_of(notes.begin(), notes.end(),
                     [what](const std::string& note) { return absl::StrContains(note, what); });
}

}  // namespace

void Checker::CheckResult(const RunResult& result, bool disk_failed, int interrupts) {
  may_give_up_on_records_ = interrupts > 1;
  CheckArrival(result);
  CheckSums(result);
  CheckTruth(result);
  CheckHistograms(result);
  CheckHandedOver(result);
  CheckLateStarts(result);
  CheckClocks(result);
  if (scenario_.faults.calm()) CheckWhole(result);
  if (disk_failed && result.facts.journal_fault.empty()) {
    Fail("journal", "the disk failed and the result does not say so");
  }
}

// Simulated clocks do not drift, so both estimates are of the same true offset.
void Checker::CheckClocks(const RunResult& result) {
  for (const v1::WorkerClock& clock : result.facts.clocks) {
    const std::string& address = workers_[clock.worker()].address;
    if (address.empty()) continue;  // came back and was never used
    const int64_t offset_ns = scenario_.clock_offset_ns[PlaceOf(address)];
    const bool is_known = std::abs(clock.start_offset_ns() - offset_ns) <= clock.start_bound_ns() &&
                          std::abs(clock.end_offset_ns() - offset_ns) <= clock.end_bound_ns() &&
                          std::abs(clock.drift_ppm()) <= clock.drift_bound_ppm();
    if (!is_known) {
      Fail("clocks", absl::StrCat("worker ", clock.worker(), "'s clock is ", offset_ns,
                                  " ns ahead, which the report does not say"));
    }
  }
}

// A worker that was lost after its closing totals may leave records out: then the sums say so.
void Checker::CheckSums(const RunResult& result) {
  for (const std::string& problem : result.profiling.accounts.problems) {
    bool is_of_lost = false;
    for (const auto& [number, worker] : workers_) {
      is_of_lost = is_of_lost ||
                   (worker.lost && absl::StartsWith(problem, absl::StrCat("worker ", number, ":")));
    }
    const bool is_given_up = may_give_up_on_records_ && absl::StrContains(problem, "record");
    if (!is_of_lost && !is_given_up) Fail("totals", problem);
  }
  const CreditSums& credits = result.profiling.accounts.credits;
  const uint64_t ended = credits.completed + credits.failed + credits.cancelled + credits.dropped +
                         credits.lost + credits.fate_unknown + credits.unsent_turns;
  if (credits.scheduled != ended) Fail("totals", SumsOf(credits));
  const uint64_t total = result.facts.phases[result.profiling.index].scheduled;
  if (total > 0 && credits.scheduled != total) {
    Fail("totals", absl::StrCat("the schedule holds ", total, "; ", SumsOf(credits)));
  }
  const SessionSums& sessions = result.profiling.accounts.sessions;
  const uint64_t sessions_ended = sessions.completed + sessions.ended_early + sessions.dropped +
                                  sessions.lost + sessions.fate_unknown;
  if (sessions.scheduled != sessions_ended) Fail("totals", SumsOf(sessions));
}

// Compares the result with the truth, for workers that reported their totals.
void Checker::CheckTruth(const RunResult& result) {
  std::map<uint32_t, Outcomes> truth;
  for (const auto& [request, sendings] : sent_) {
    if (request.phase != result.profiling.index) continue;
    for (const Sending& sending : sendings) truth[sending.worker].Add(sending.outcome);
  }
  for (const WorkerAccount& account : result.profiling.accounts.workers) {
    if (account.is_lost || workers_[account.worker].lost) continue;
    const Outcomes& did = truth[account.worker];
    const CreditSums& credits = account.credits;
    if (credits.completed == did.completed && credits.failed == did.failed &&
        credits.dropped == did.dropped && credits.cancelled == did.cancelled)
      continue;
    Fail("totals", absl::StrCat("worker ", account.worker, " completed ", did.completed,
                                "; the result says ", SumsOf(credits)));
  }
}

// Every record that was made comes in the end, unless the user would not wait for it.
void Checker::CheckArrival(const RunResult& result) {
  for (const WorkerAccount& account : result.profiling.accounts.workers) {
    if (account.is_lost || workers_[account.worker].lost || account.records.missing == 0) continue;
    if (may_give_up_on_records_) continue;
    Fail("arrival", absl::StrCat(account.records.missing, " records of worker ", account.worker,
                                 " never came"));
  }
}

void Checker::CheckHistograms(const RunResult& result) {
  for (const VerdictReason& reason : result.verdict.reasons) {
    if (reason.check == "different_histograms") Fail("histograms", reason.text);
  }
  if (scenario_.faults.calm() && SaysAnything(result.notes, "were not compared")) {
    Fail("histograms", "not compared in a run without faults");
  }
}

// A run that went on without a worker left nothing out: what is lost was sent by a lost one.
void Checker::CheckHandedOver(const RunResult& result) {
  const uint32_t phase = result.profiling.index;
  const uint64_t total = result.facts.phases[phase].scheduled_sessions;
  if (!result.facts.early_end.empty() || result.facts.was_cancelled) return;
  if (scenario_.plan.phases(static_cast<int>(phase)).duration_ns() > 0) return;
  // Known: what came second-hand to a worker that is lost as well may count as lost unsent.
  if (lost() > 1) return;
  for (uint64_t session = 0; session < total; ++session) {
    if (sent_.count({phase, session, 0}) > 0) continue;
    return Fail("handed_over",
                absl::StrCat("nobody began session ", session, " and the run did not end early"));
  }
}

void Checker::CheckLateStarts(const RunResult& result) {
  for (const auto& [number, worker] : workers_) {
    if (!worker.started_late || worker.lost || worker.joined) continue;
    if (SaysAnything(result.notes, absl::StrCat("Worker ", worker.address, " started"))) continue;
    Fail("late_start", absl::StrCat("worker ", number, " started late and nothing says so"));
  }
}

void Checker::CheckWhole(const RunResult& result) {
  if (!result.is_complete) Fail("whole", "a run without faults is not complete");
  for (const auto& [request, sendings] : sent_) {
    if (sendings.size() != 1 || !sendings[0].has_record) {
      Fail("whole",
           absl::StrCat("session ", request.session, " has ", sendings.size(), " sendings"));
    }
  }
  for (const VerdictReason& reason : result.verdict.reasons) {
    if (reason.check == "open_sums") Fail("whole", reason.text);
  }
}

void Checker::CheckReport(const RunResult& live, const RunResult& report) {
  const CreditSums& a = live.profiling.accounts.credits;
  const CreditSums& b = report.profiling.accounts.credits;
  const std::string live_sums =
      absl::StrCat(SumsOf(a), "; ", SumsOf(live.profiling.accounts.sessions));
  const std::string report_sums =
      absl::StrCat(SumsOf(b), "; ", SumsOf(report.profiling.accounts.sessions));
  if (live_sums != report_sums) {
    Fail("journal", absl::StrCat("live: ", live_sums, "; from the journal: ", report_sums));
  }
  if (live.profiling.totals.completed != report.profiling.totals.completed ||
      live.facts.early_end != report.facts.early_end || live.is_complete != report.is_complete) {
    Fail("journal", "the report made of the journal is another");
  }
}

void Checker::CheckJournalHolds(const std::set<std::pair<uint32_t, uint64_t>>& batches) {
  for (const auto& [number, worker] : workers_) {
    for (uint64_t sequence = 1; sequence <= worker.acked; ++sequence) {
      if (batches.contains({number, sequence})) continue;
      Fail("journal", absl::StrCat("batch ", sequence, " of worker ", number,
                                   " was acked, and the journal does not hold it"));
    }
  }
}

void Checker::CheckFreed(uint32_t worker, bool is_free, uint32_t in_flight) {
  if (is_free && in_flight == 0) return;
  Fail("freed", absl::StrCat("worker ", worker, " goes on after the run, with ", in_flight,
                             " requests in flight"));
}

}  // namespace drumfire::simulation
