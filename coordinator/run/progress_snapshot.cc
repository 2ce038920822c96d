#include "coordinator/run/progress_snapshot.h"

#include <algorithm>

#include "common/clock/clock.h"

namespace drumfire {
namespace {

// What a lost worker said last is in flight until its lease is over; then others have its slots.
uint64_t InFlightOf(const WorkerPhase& worker, const v1::CreditTotals& totals) {
  return worker.done.has_value() || worker.share_reclaimed ? 0 : totals.in_flight();
}

// Of a lost worker whose lease is over nothing more will come: all that it sent is over.
uint64_t FinishedBy(const WorkerPhase& worker, const v1::CreditTotals& totals) {
  const uint64_t reported =
      totals.completed() + totals.failed() + totals.cancelled() + totals.unsent_turns();
  return worker.share_reclaimed ? std::max(reported, worker.settled) : reported;
}

v1::CreditTotals TotalsOf(const WorkerPhase& worker) {
  if (worker.done.has_value()) return worker.done->totals();
  return worker.progress.has_value() ? worker.progress->totals() : v1::CreditTotals();
}

}  // namespace

ProgressSnapshot MakeSnapshot(const v1::Plan& plan, const PhaseOutcome& outcome, int64_t now_ns) {
  const v1::Phase& phase = plan.phases(static_cast<int>(outcome.phase));
  ProgressSnapshot snapshot;
  snapshot.phase = phase.name();
  snapshot.elapsed_ns = outcome.start_ns > 0 ? now_ns - outcome.start_ns : -1;
  const uint64_t requests = outcome.totals.requests;
  snapshot.total = requests == kUnboundedCredits ? 0 : requests;
  snapshot.duration_ns = phase.duration_ns();
  snapshot.concurrency = phase.concurrency();
  if (phase.mode() == v1::LOAD_RATE) snapshot.rate_asked = phase.request_rate();
  snapshot.draining = outcome.interrupted;
  uint64_t counted = 0;  // requests, or sessions where a rate of sessions is asked for
  for (const WorkerPhase& worker : outcome.workers) {
    const v1::CreditTotals totals = TotalsOf(worker);
    counted += snapshot.rate_asked > 0 ? totals.begun() : totals.sent();
    snapshot.finished += FinishedBy(worker, totals);
    snapshot.errors += totals.failed();
    snapshot.in_flight += InFlightOf(worker, totals);
  }
  if (snapshot.elapsed_ns > 0) {
    snapshot.rate_reached =
        static_cast<double>(counted) * kNsPerSecond / static_cast<double>(snapshot.elapsed_ns);
  }
  return snapshot;
}

}  // namespace drumfire
