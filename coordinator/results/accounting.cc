#include "coordinator/results/accounting.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

uint64_t Less(uint64_t whole, uint64_t part) { return whole - std::min(whole, part); }

// The worker's requests and sessions, from its closing totals.
void TakeClosingTotals(const v1::CreditTotals& totals, WorkerAccount* account) {
  CreditSums& credits = account->credits;
  credits.completed = totals.completed();
  credits.failed = totals.failed();
  credits.cancelled = totals.cancelled();
  credits.dropped = totals.dropped();
  credits.unsent_turns = totals.unsent_turns();
  credits.unsent = totals.unsent();
  credits.scheduled = totals.sent() + totals.dropped() + totals.unsent_turns();
  SessionSums& sessions = account->sessions;
  sessions.completed = totals.sessions_completed();
  sessions.dropped = totals.dropped();
  sessions.ended_early = Less(totals.begun(), totals.sessions_completed());
  sessions.scheduled = totals.begun() + totals.dropped();
}

// Sessions granted to a lost worker of which no record came. As many of them are lost as were in
// flight: begun and not over by all that is known, or by its last word. The others may have ended,
// their records lost with the worker, or may not have been begun: their fate is unknown.
uint64_t LostWithoutRecord(const SessionTally& received, const v1::CreditTotals& last_words,
                           uint64_t without_record, uint64_t settled) {
  const uint64_t ended_by_word = Less(last_words.begun(), last_words.open()) + last_words.dropped();
  const uint64_t known = std::max(received.sessions(), ended_by_word + received.open());
  const uint64_t open_by_word = Less(last_words.open(), received.open());
  return std::min(without_record, std::max(Less(settled, known), open_by_word));
}

// A lost worker's requests and sessions: what its records show. A session that it had begun ends as
// lost, with the turn that was to come next.
void TakeFromRecords(const ReceivedRecords& received, uint64_t granted, uint64_t settled,
                     WorkerAccount* account) {
  const OutcomeCounts& outcomes = received.outcomes;
  const SessionTally& tally = received.sessions;
  const UnrecordedTurns turns = tally.unrecorded();
  const uint64_t without_record = Less(granted, tally.sessions());
  const uint64_t lost = LostWithoutRecord(tally, account->done.totals(), without_record, settled);
  CreditSums& credits = account->credits;
  credits.completed = outcomes.completed;
  credits.failed = outcomes.failed;
  credits.cancelled = outcomes.cancelled;
  credits.dropped = outcomes.dropped;
  credits.lost = tally.open() + lost;
  credits.fate_unknown = without_record - lost + turns.missing;
  account->unsent_turns_of_lost = Less(turns.open, tally.open());
  credits.unsent_turns = turns.unsent + account->unsent_turns_of_lost;
  credits.scheduled = outcomes.Sum() + credits.lost + credits.fate_unknown + credits.unsent_turns;
  account->sessions = {.scheduled = tally.sessions() + without_record,
                       .completed = tally.completed(),
                       .ended_early = tally.ended_early(),
                       .dropped = outcomes.dropped,
                       .lost = tally.open() + lost,
                       .fate_unknown = without_record - lost};
}

uint64_t ValueOf(const std::map<uint32_t, uint64_t>& by_worker, uint32_t worker, uint64_t missing) {
  const auto found = by_worker.find(worker);
  return found == by_worker.end() ? missing : found->second;
}

class WorkerCloser {
 public:
  WorkerCloser(uint32_t worker, std::vector<std::string>* problems)
      : worker_(worker), problems_(problems) {}

  void ExpectEqual(absl::string_view what, uint64_t left, absl::string_view other, uint64_t right) {
    if (left == right) return;
    problems_->push_back(
        absl::StrCat("worker ", worker_, ": ", left, " ", what, ", but ", right, " ", other));
  }

 private:
  const uint32_t worker_;
  std::vector<std::string>* const problems_;
};

// What a worker says of itself.
void CheckTotals(const v1::CreditTotals& totals, WorkerCloser* closer) {
  closer->ExpectEqual("sessions granted", totals.granted(), "accounted for",
                      totals.begun() + totals.dropped() + totals.unsent());
  closer->ExpectEqual("requests sent", totals.sent(), "accounted for",
                      totals.completed() + totals.failed() + totals.cancelled());
  closer->ExpectEqual("sessions in flight at its end", totals.open(), "are possible", 0);
  closer->ExpectEqual("requests in flight at its end", totals.in_flight(), "are possible", 0);
}

// What it says against its records, when all of them came.
void CheckRecords(const v1::CreditTotals& totals, const ReceivedRecords& received,
                  WorkerCloser* closer) {
  const OutcomeCounts& outcomes = received.outcomes;
  closer->ExpectEqual("completed", totals.completed(), "in its records", outcomes.completed);
  closer->ExpectEqual("failed", totals.failed(), "in its records", outcomes.failed);
  closer->ExpectEqual("cancelled", totals.cancelled(), "in its records", outcomes.cancelled);
  closer->ExpectEqual("dropped", totals.dropped(), "in its records", outcomes.dropped);
  closer->ExpectEqual("sessions begun or dropped", totals.begun() + totals.dropped(),
                      "in its records", received.sessions.sessions());
  closer->ExpectEqual("sessions completed", totals.sessions_completed(), "in its records",
                      received.sessions.completed());
  closer->ExpectEqual("turns sent, dropped or unsent",
                      totals.sent() + totals.dropped() + totals.unsent_turns(),
                      "of the sessions in its records", received.sessions.turns());
}

void CheckClosed(const WorkerAccount& account, const ReceivedRecords& received,
                 std::vector<std::string>* problems) {
  WorkerCloser closer(account.worker, problems);
  const v1::CreditTotals& totals = account.done.totals();
  CheckTotals(totals, &closer);
  closer.ExpectEqual("records made", account.records.made, "received or dropped",
                     received.outcomes.Sum() + account.records.dropped);
  if (account.records.dropped + account.records.missing > 0) return;
  CheckRecords(totals, received, &closer);
}

void CloseWorker(const PhaseFacts& phase, const ReceivedRecords& received, WorkerAccount* account,
                 std::vector<std::string>* problems) {
  RecordSums& records = account->records;
  records.received = received.outcomes.Sum();
  const auto done = phase.done.find(account->worker);
  if (done == phase.done.end()) {
    account->is_lost = true;
    const auto last_words = phase.last_words.find(account->worker);
    if (last_words != phase.last_words.end()) account->done = last_words->second;
    const uint64_t granted = ValueOf(phase.granted, account->worker, 0);
    const uint64_t settled = std::min(granted, ValueOf(phase.settled, account->worker, granted));
    TakeFromRecords(received, granted, settled, account);
    records.made = records.received;
    return;
  }
  account->done = done->second;
  TakeClosingTotals(done->second.totals(), account);
  records.made = done->second.records_made();
  records.dropped = done->second.health().records_dropped();
  records.missing = Less(records.made, records.received + records.dropped);
  CheckClosed(*account, received, problems);
}

// A run that lost a worker wrote that down with what it had granted.
void LeaveOpen(const PhaseFacts& phase, WorkerAccount* account) {
  if (!account->is_lost || phase.granted.contains(account->worker)) return;
  account->is_lost = false;
  account->is_open = true;
  account->credits.lost_is_known = account->sessions.lost_is_known = false;
}

std::set<uint32_t> WorkersOf(const PhaseFacts& phase,
                             const std::map<uint32_t, ReceivedRecords>& received) {
  std::set<uint32_t> workers;
  for (const v1::WorkerStart& start : phase.start.workers()) workers.insert(start.worker());
  for (const auto& [worker, done] : phase.done) workers.insert(worker);
  for (const auto& [worker, counts] : received) workers.insert(worker);
  return workers;
}

}  // namespace

void OutcomeCounts::Add(v1::Outcome outcome) {
  switch (outcome) {
    case v1::OUTCOME_COMPLETED:
      ++completed;
      break;
    case v1::OUTCOME_FAILED:
      ++failed;
      break;
    case v1::OUTCOME_CANCELLED:
      ++cancelled;
      break;
    default:
      ++dropped;
  }
}

void ReceivedRecords::Add(const v1::Record& record) {
  outcomes.Add(record.outcome());
  sessions.Add(record);
}

void CreditSums::Add(const CreditSums& other) {
  scheduled += other.scheduled;
  completed += other.completed;
  failed += other.failed;
  cancelled += other.cancelled;
  dropped += other.dropped;
  lost += other.lost;
  fate_unknown += other.fate_unknown;
  unsent_turns += other.unsent_turns;
  unsent += other.unsent;
  lost_is_known = lost_is_known && other.lost_is_known;
}

void SessionSums::Add(const SessionSums& other) {
  scheduled += other.scheduled;
  completed += other.completed;
  ended_early += other.ended_early;
  dropped += other.dropped;
  lost += other.lost;
  fate_unknown += other.fate_unknown;
  lost_is_known = lost_is_known && other.lost_is_known;
}

void RecordSums::Add(const RecordSums& other) {
  made += other.made;
  received += other.received;
  dropped += other.dropped;
  missing += other.missing;
}

void AddTurnsOfLostSessions(uint64_t scheduled, Accounts* accounts) {
  const uint64_t missing = Less(scheduled, accounts->credits.scheduled);
  if (accounts->sessions.lost + accounts->sessions.fate_unknown == 0) return;
  accounts->credits.scheduled += missing;
  if (accounts->sessions.fate_unknown > 0) {
    accounts->credits.fate_unknown += missing;
    return;
  }
  accounts->credits.unsent_turns += missing;
  accounts->unsent_turns_of_lost += missing;
}

void CancelUnsent(uint64_t scheduled, CreditSums* credits) {
  credits->unsent = Less(scheduled, credits->scheduled);
  credits->cancelled += credits->unsent;
  credits->scheduled += credits->unsent;
}

Accounts CloseAccounts(const RunFacts& facts, const PhaseFacts& phase,
                       const std::map<uint32_t, ReceivedRecords>& received) {
  Accounts accounts;
  for (const uint32_t worker : WorkersOf(phase, received)) {
    WorkerAccount account;
    account.worker = worker;
    for (const v1::WorkerFacts& of_worker : facts.workers) {
      if (of_worker.worker() == worker) account.facts = of_worker;
    }
    for (const v1::WorkerStart& start : phase.start.workers()) {
      if (start.worker() == worker) account.start = start;
    }
    const auto late = phase.start_late_ns.find(worker);
    if (late != phase.start_late_ns.end()) account.start_late_ns = late->second;
    const auto found = received.find(worker);
    CloseWorker(phase, found == received.end() ? ReceivedRecords() : found->second, &account,
                &accounts.problems);
    if (!facts.end_is_known) LeaveOpen(phase, &account);
    accounts.credits.Add(account.credits);
    accounts.sessions.Add(account.sessions);
    if (account.is_lost) accounts.unsent_turns_of_lost += account.unsent_turns_of_lost;
    accounts.records.Add(account.records);
    accounts.workers.push_back(std::move(account));
  }
  return accounts;
}

}  // namespace drumfire
