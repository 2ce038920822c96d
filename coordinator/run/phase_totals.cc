#include "coordinator/run/phase_totals.h"

namespace drumfire {
namespace {

v1::PhaseDone LastWords(const WorkerPhase& worker) {
  if (worker.done.has_value()) return *worker.done;
  v1::PhaseDone words;
  if (!worker.progress.has_value()) return words;
  *words.mutable_totals() = worker.progress->totals();
  *words.mutable_health() = worker.progress->health();
  return words;
}

}  // namespace

v1::WorkerPhaseDone ClosingTotalsOf(const Fleet& fleet, const PhaseOutcome& outcome,
                                    uint32_t worker) {
  const WorkerPhase& state = outcome.workers[worker];
  v1::WorkerPhaseDone done;
  done.set_worker(worker);
  *done.mutable_done() = LastWords(state);
  done.mutable_done()->set_phase(outcome.phase);
  done.set_granted(state.granted);
  if (state.lost) {
    done.set_lost_reason(fleet.member(worker).lost_reason);
    done.set_settled(state.settled);
  }
  done.set_start_late_ns(state.start_late_ns);
  return done;
}

v1::PhaseStart PhaseStartOf(const PhaseOutcome& outcome) {
  v1::PhaseStart start;
  start.set_phase(outcome.phase);
  start.set_wall_ns(outcome.start_wall_ns);
  return start;
}

v1::WorkerStart WorkerStartOf(const Fleet& fleet, const PhaseOutcome& outcome, uint32_t worker,
                              int64_t now_ns) {
  const ClockReading clock = fleet.member(worker).clock().At(now_ns);
  v1::WorkerStart start;
  start.set_worker(worker);
  start.set_start_ns(fleet.ToWorkerClock(worker, outcome.start_ns));
  start.set_clock_offset_ns(clock.offset_ns);
  start.set_clock_error_ns(clock.bound_ns);
  const auto& prepared = outcome.workers[worker].prepared;
  if (prepared.has_value()) start.set_open_connections(prepared->open_connections());
  return start;
}

v1::PhaseEnd EndOf(const PhaseOutcome& outcome) {
  v1::PhaseEnd end;
  end.set_phase(outcome.phase);
  if (outcome.start_ns > 0) end.set_length_ns(outcome.end_ns - outcome.start_ns);
  if (outcome.totals.sessions != kUnboundedCredits) {
    end.set_sessions(outcome.totals.sessions);
    end.set_requests(outcome.totals.requests);
  }
  end.set_early_end(outcome.early_end);
  end.set_interrupted(outcome.interrupted);
  return end;
}

}  // namespace drumfire
