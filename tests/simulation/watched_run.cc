#include "tests/simulation/watched_run.h"

#include <utility>

namespace drumfire::simulation {

WatchedRun::WatchedRun(const Scenario& scenario, uint32_t number, const Clock* clock,
                       Checker* checker, RunResources* resources, ControlEnd* end)
    : WorkerRun(resources, end, /*log_runs=*/false),
      scenario_(scenario),
      number_(number),
      clock_(clock),
      checker_(checker) {}

void WatchedRun::Send(v1::WorkerMessage message) {
  if (message.has_phase_done()) checker_->OnPhaseDone(number_);
  if (message.has_heartbeat()) checker_->OnHeartbeat(number_, message.heartbeat().sent_ns());
  WorkerRun::Send(std::move(message));
}

void WatchedRun::StartPhase(const v1::Start& start) {
  checker_->OnLateStart(number_, start.phase(), clock_->MonotonicNs() - start.start_ns());
  WorkerRun::StartPhase(start);
}

void WatchedRun::OnRequestOver(std::unique_ptr<Exchange> exchange) {
  if (exchange->outcome == v1::OUTCOME_DROPPED) checker_->OnOver(number_, *exchange);
  checker_->OnBufferHeld(number_, record_counters().held_bytes);
  WorkerRun::OnRequestOver(std::move(exchange));
}

absl::Status WatchedRun::AckRecords(uint64_t sequence) {
  checker_->OnBufferHeld(number_, record_counters().held_bytes);
  return WorkerRun::AckRecords(sequence);
}

void WatchedRun::ExtendLease(int64_t until_ns) {
  WorkerRun::ExtendLease(scenario_.mutation == Mutation::kLeaseIgnored ? kNever : until_ns);
}

void WatchedRun::Close(const std::string& why) {
  if (scenario_.mutation == Mutation::kCloseIgnored) return;
  WorkerRun::Close(why);
  checker_->OnStopped(number_);
}

}  // namespace drumfire::simulation
