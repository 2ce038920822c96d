#include "coordinator/results/accounting.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

// The worker's credits by outcome, from its closing totals.
void TakeClosingTotals(const v1::CreditTotals& totals, CreditSums* credits) {
  credits->completed = totals.completed();
  credits->failed = totals.failed();
  credits->cancelled = totals.cancelled();
  credits->dropped = totals.dropped();
  credits->unsent = totals.unsent();
  credits->scheduled = totals.granted() - std::min(totals.granted(), totals.unsent());
}

uint64_t EndedBy(const v1::CreditTotals& totals) {
  return totals.completed() + totals.failed() + totals.cancelled() + totals.dropped();
}

// A lost worker's credits: what its records show. Of those without a record, as many are lost as
// were in flight: sent and not ended by all that is known, or by its last word. The others may have
// ended, their records lost with the worker, or may not have been sent: their fate is unknown.
void TakeFromRecords(const OutcomeCounts& received, const v1::CreditTotals& last_words,
                     uint64_t granted, uint64_t settled, CreditSums* credits) {
  credits->completed = received.completed;
  credits->failed = received.failed;
  credits->cancelled = received.cancelled;
  credits->dropped = received.dropped;
  credits->scheduled = std::max(granted, received.Sum());
  const uint64_t without_record = credits->scheduled - received.Sum();
  const uint64_t ended = std::max(received.Sum(), EndedBy(last_words));
  const uint64_t in_flight = std::max(settled - std::min(settled, ended), last_words.in_flight());
  credits->lost = std::min(without_record, in_flight);
  credits->fate_unknown = without_record - credits->lost;
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

void CheckClosed(const WorkerAccount& account, const OutcomeCounts& received,
                 std::vector<std::string>* problems) {
  WorkerCloser closer(account.worker, problems);
  const v1::CreditTotals& totals = account.done.totals();
  const CreditSums& credits = account.credits;
  closer.ExpectEqual(
      "credits granted", totals.granted(), "accounted for",
      credits.completed + credits.failed + credits.cancelled + credits.dropped + credits.unsent);
  closer.ExpectEqual("requests in flight at its end", totals.in_flight(), "are possible", 0);
  closer.ExpectEqual("records made", account.records.made, "received or dropped",
                     received.Sum() + account.records.dropped);
  if (account.records.dropped + account.records.missing > 0) return;
  closer.ExpectEqual("completed", totals.completed(), "in its records", received.completed);
  closer.ExpectEqual("failed", totals.failed(), "in its records", received.failed);
  closer.ExpectEqual("cancelled", totals.cancelled(), "in its records", received.cancelled);
  closer.ExpectEqual("dropped", totals.dropped(), "in its records", received.dropped);
}

void CloseWorker(const PhaseFacts& phase, const OutcomeCounts& received, WorkerAccount* account,
                 std::vector<std::string>* problems) {
  RecordSums& records = account->records;
  records.received = received.Sum();
  const auto done = phase.done.find(account->worker);
  if (done == phase.done.end()) {
    account->is_lost = true;
    const auto last_words = phase.last_words.find(account->worker);
    if (last_words != phase.last_words.end()) account->done = last_words->second;
    const uint64_t granted = ValueOf(phase.granted, account->worker, 0);
    const uint64_t settled = std::min(granted, ValueOf(phase.settled, account->worker, granted));
    TakeFromRecords(received, account->done.totals(), granted, settled, &account->credits);
    records.made = records.received;
    return;
  }
  account->done = done->second;
  TakeClosingTotals(done->second.totals(), &account->credits);
  records.made = done->second.records_made();
  records.dropped = done->second.health().records_dropped();
  const uint64_t known = records.received + records.dropped;
  records.missing = records.made - std::min(records.made, known);
  CheckClosed(*account, received, problems);
}

std::set<uint32_t> WorkersOf(const PhaseFacts& phase,
                             const std::map<uint32_t, OutcomeCounts>& received) {
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

void CreditSums::Add(const CreditSums& other) {
  scheduled += other.scheduled;
  completed += other.completed;
  failed += other.failed;
  cancelled += other.cancelled;
  dropped += other.dropped;
  lost += other.lost;
  fate_unknown += other.fate_unknown;
  unsent += other.unsent;
}

void RecordSums::Add(const RecordSums& other) {
  made += other.made;
  received += other.received;
  dropped += other.dropped;
  missing += other.missing;
}

void CancelUnsent(uint64_t scheduled, CreditSums* credits) {
  credits->unsent = scheduled > credits->scheduled ? scheduled - credits->scheduled : 0;
  credits->cancelled += credits->unsent;
  credits->scheduled += credits->unsent;
}

Accounts CloseAccounts(const PhaseFacts& phase, const std::vector<v1::WorkerFacts>& workers,
                       const std::map<uint32_t, OutcomeCounts>& received) {
  Accounts accounts;
  for (const uint32_t worker : WorkersOf(phase, received)) {
    WorkerAccount account;
    account.worker = worker;
    for (const v1::WorkerFacts& facts : workers) {
      if (facts.worker() == worker) account.facts = facts;
    }
    for (const v1::WorkerStart& start : phase.start.workers()) {
      if (start.worker() == worker) account.start = start;
    }
    const auto late = phase.start_late_ns.find(worker);
    if (late != phase.start_late_ns.end()) account.start_late_ns = late->second;
    const auto found = received.find(worker);
    CloseWorker(phase, found == received.end() ? OutcomeCounts() : found->second, &account,
                &accounts.problems);
    accounts.credits.Add(account.credits);
    accounts.records.Add(account.records);
    accounts.workers.push_back(std::move(account));
  }
  return accounts;
}

}  // namespace drumfire
