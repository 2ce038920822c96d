#include "worker/session/phase_health.h"

#include <utility>

namespace drumfire {

PhaseHealth::PhaseHealth(const Clock& clock, std::unique_ptr<UsageMeter> usage)
    : clock_(clock), usage_(std::move(usage)) {}

void PhaseHealth::BeginPhase(const EngineCounters& counters) {
  const MutexLock lock(&mutex_);
  if (usage_ != nullptr) usage_->Begin(clock_.MonotonicNs());
  loop_.Clear();
  hiccups_.Clear();
  send_uncertainty_.Clear();
  read_delay_.Clear();
  at_begin_ = now_ = counters;
  slot_waits_ = {};
}

// The request left the client somewhere inside the send call: half its length is the stamp's
// uncertainty.
void PhaseHealth::OnRecord(const Exchange& exchange) {
  if (exchange.sent_ns < 0) return;
  const MutexLock lock(&mutex_);
  send_uncertainty_.Add(exchange.send_call_ns / 2);
}

void PhaseHealth::OnStep(int64_t ready_ns, int64_t done_ns) {
  const MutexLock lock(&mutex_);
  loop_.Step(ready_ns, done_ns);
}

void PhaseHealth::OnTick(int64_t late_ns) {
  const MutexLock lock(&mutex_);
  hiccups_.Add(late_ns);
}

void PhaseHealth::AddReadDelays(const std::vector<int64_t>& delays_ns) {
  const MutexLock lock(&mutex_);
  for (const int64_t delay_ns : delays_ns) read_delay_.Add(delay_ns);
}

void PhaseHealth::SetEngineCounters(const EngineCounters& counters) {
  const MutexLock lock(&mutex_);
  now_ = counters;
}

void PhaseHealth::SetSlotWaits(const SlotWaits& waits) {
  const MutexLock lock(&mutex_);
  slot_waits_ = waits;
}

v1::WorkerHealth PhaseHealth::Sample(uint64_t records_dropped, uint64_t tokenizer_overflows) const {
  const MutexLock lock(&mutex_);
  v1::WorkerHealth health;
  if (usage_ != nullptr) usage_->Fill(clock_.MonotonicNs(), &health);
  health.set_loop_stalls(loop_.stalls());
  health.set_longest_stall_ns(loop_.longest_ns());
  health.set_hiccups(hiccups_.count());
  health.set_hiccup_ns(hiccups_.total_ns());
  health.set_hiccup_p99_ns(hiccups_.p99_ns());
  health.set_longest_hiccup_ns(hiccups_.longest_ns());
  health.set_records_dropped(records_dropped);
  health.set_tokenizer_overflows(tokenizer_overflows);
  health.set_connects(now_.connects);
  health.set_connects_in_phase(now_.connects - at_begin_.connects);
  health.set_replacing_connects(now_.replacing_connects - at_begin_.replacing_connects);
  health.set_retries(now_.retries - at_begin_.retries);
  health.set_slot_waits(slot_waits_.count);
  health.set_slot_wait_ns(slot_waits_.total_ns);
  health.set_send_uncertainty_p50_ns(send_uncertainty_.Quantile(0.5));
  health.set_send_uncertainty_p99_ns(send_uncertainty_.Quantile(0.99));
  health.set_read_delay_p50_ns(read_delay_.Quantile(0.5));
  health.set_read_delay_p99_ns(read_delay_.Quantile(0.99));
  health.set_kernel_stamps(now_.kernel_stamps - at_begin_.kernel_stamps);
  health.set_refused_stamps(now_.refused_stamps - at_begin_.refused_stamps);
  return health;
}

uint64_t PhaseHealth::bytes_sent() const {
  const MutexLock lock(&mutex_);
  return now_.bytes_sent - at_begin_.bytes_sent;
}

uint64_t PhaseHealth::bytes_received() const {
  const MutexLock lock(&mutex_);
  return now_.bytes_received - at_begin_.bytes_received;
}

}  // namespace drumfire
