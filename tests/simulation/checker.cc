#include "tests/simulation/checker.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "tests/simulation/sim_loops.h"

namespace drumfire::simulation {

Checker::Checker(const Scenario& scenario, World* world, const Dataset* dataset)
    : scenario_(scenario), world_(world), dataset_(dataset) {
  for (uint32_t worker = 0; worker < scenario.workers; ++worker) workers_[worker];
}

int64_t Checker::LeaseEnd(uint32_t worker) const {
  const auto found = workers_.find(worker);
  return found == workers_.end() ? INT64_MIN : found->second.lease_until_ns;
}

void Checker::Fail(absl::string_view invariant, const std::string& text) {
  if (failed()) return;
  const double run_ms = static_cast<double>(world_->now_ns()) / kNsPerMs;
  violation_ = {std::string(invariant), absl::StrCat("at ", run_ms, " ms: ", text)};
}

void Checker::OnSent(uint32_t worker, const Exchange& exchange) {
  world_->Note("sent", worker, exchange.session);
  CheckOnce(worker, exchange);
  CheckLease(worker, exchange);
  CheckDue(worker, exchange);
  CheckTurnOrder(worker, exchange);
  CheckSchedule(exchange);
  sent_[IdOf(exchange)].push_back({.worker = worker});
  ++workers_[worker].in_flight;
  if (exchange.turn > 0) --workers_[worker].between_turns;
  CheckConcurrency(exchange.phase);
}

void Checker::CheckOnce(uint32_t worker, const Exchange& exchange) {
  const auto found = sent_.find(IdOf(exchange));
  if (found == sent_.end()) return;
  for (const Sending& earlier : found->second) {
    if (earlier.worker != worker && LeaseEnd(earlier.worker) <= world_->now_ns()) continue;
    Fail("sent_once", absl::StrCat("worker ", worker, " takes ", NameOf(exchange),
                                   ", which is worker ", earlier.worker, "'s"));
  }
}

void Checker::CheckLease(uint32_t worker, const Exchange& exchange) {
  if (world_->now_ns() < LeaseEnd(worker)) return;
  Fail("lease", absl::StrCat("worker ", worker, " sends ", NameOf(exchange),
                             " without a lease that the coordinator knows of"));
}

void Checker::CheckDue(uint32_t worker, const Exchange& exchange) {
  const auto start_ns = starts_ns_.find({exchange.phase, worker});
  if (start_ns == starts_ns_.end()) {
    return Fail("due", absl::StrCat("worker ", worker, " sends before its phase starts"));
  }
  // The dispatcher made the intended time one of the worker's clock; the schedule has its own.
  const int64_t due_ns =
      start_ns->second +
      std::max<int64_t>(0, ScheduledAt(exchange.phase, exchange.session).intended_ns);
  if (world_->now_ns() >= due_ns) return;
  Fail("due", absl::StrCat("worker ", worker, " sends ", NameOf(exchange), " ",
                           due_ns - world_->now_ns(), " ns before its time"));
}

// A turn follows its predecessor's answer, at the same worker, after its delay.
void Checker::CheckTurnOrder(uint32_t worker, const Exchange& exchange) {
  if (exchange.turn == 0) return;
  const RequestId before{exchange.phase, exchange.session, exchange.turn - 1};
  const int64_t delay_ns = dataset_->Turn(exchange.entry, exchange.turn).delay_ns;
  for (const Sending& sending : sent_[before]) {
    if (sending.worker != worker || !sending.is_over) continue;
    if (sending.outcome != v1::OUTCOME_COMPLETED) continue;
    if (world_->now_ns() >= sending.over_ns + delay_ns) return;
  }
  Fail("turn_order", absl::StrCat("worker ", worker, " sends ", NameOf(exchange),
                                  " before the turn before it is answered and its delay is over"));
}

void Checker::CheckConcurrency(uint32_t phase) {
  const uint32_t most = scenario_.plan.phases(static_cast<int>(phase)).concurrency();
  if (most == 0) return;
  uint32_t in_flight = 0;
  for (const auto& [number, worker] : workers_) {
    // Without a lease, a paused process sends nothing. Once resumed, it cancels its requests in
    // its first step, which its threads begin within a wake-up.
    const bool runs =
        !worker.paused && worker.resumed_ns + SimLoopRunner::kUsualWakeNs < world_->now_ns();
    const bool counts = runs || worker.lease_until_ns > world_->now_ns();
    in_flight += counts ? worker.in_flight + worker.between_turns : 0;
  }
  if (in_flight <= most) return;
  Fail("concurrency", absl::StrCat(in_flight, " sessions in flight, the plan says ", most));
}

Checker::Schedule& Checker::ScheduleOf(uint32_t phase) {
  Schedule& schedule = schedules_[phase];
  if (schedule.cursor == nullptr) {
    schedule.cursor = std::make_unique<ScheduleCursor>(scenario_.plan, phase, dataset_);
  }
  return schedule;
}

const ScheduledSession& Checker::ScheduledAt(uint32_t phase, uint64_t session) {
  Schedule& schedule = ScheduleOf(phase);
  while (schedule.sessions.size() <= session) {
    schedule.sessions.push_back(schedule.cursor->At(schedule.sessions.size()));
  }
  return schedule.sessions[session];
}

void Checker::CheckSchedule(const Exchange& exchange) {
  const ScheduledSession& session = ScheduledAt(exchange.phase, exchange.session);
  const bool is_planned = exchange.turn < session.turns && exchange.turns == session.turns;
  if (is_planned && exchange.url == session.url && exchange.entry == session.entry &&
      exchange.model == session.model &&
      exchange.isl == ScheduleOf(exchange.phase).cursor->TurnOf(session.entry, exchange.turn).isl)
    return;
  Fail("schedule", absl::StrCat(NameOf(exchange), " is not what a fleet of one would send"));
}

void Checker::OnOver(uint32_t worker, const Exchange& exchange) {
  world_->Note("over", worker, exchange.session);
  std::vector<Sending>& sendings = sent_[IdOf(exchange)];
  if (exchange.outcome == v1::OUTCOME_DROPPED) {
    CheckOnce(worker, exchange);
    sendings.push_back({.worker = worker, .is_over = true, .outcome = exchange.outcome});
    return;
  }
  --workers_[worker].in_flight;
  const bool goes_on = exchange.outcome == v1::OUTCOME_COMPLETED && !exchange.is_last_turn();
  if (goes_on) ++workers_[worker].between_turns;
  for (Sending& sending : sendings) {
    if (sending.worker != worker) continue;
    sending.is_over = true;
    sending.outcome = exchange.outcome;
    sending.over_ns = world_->now_ns();
  }
}

void Checker::OnStopped(uint32_t worker) {
  workers_[worker].in_flight = workers_[worker].between_turns = 0;
}

void Checker::OnPaused(uint32_t worker, bool is_paused) {
  workers_[worker].paused = is_paused;
  if (!is_paused) workers_[worker].resumed_ns = world_->now_ns();
}

void Checker::OnHeartbeat(uint32_t worker, int64_t sent_ns) {
  workers_[worker].heartbeats_ns[sent_ns] = world_->now_ns();
}

void Checker::OnLateStart(uint32_t worker, uint32_t phase, int64_t late_ns) {
  constexpr int64_t kSurelyLateNs = 2 * kNsPerMs;
  const bool is_profiling = static_cast<int>(phase) == scenario_.plan.phases_size() - 1;
  if (is_profiling && late_ns > kSurelyLateNs) workers_[worker].started_late = true;
}

void Checker::OnBufferHeld(uint32_t worker, size_t held_bytes) {
  if (held_bytes <= scenario_.record_buffer_bytes) return;
  Fail("record_buffer",
       absl::StrCat("worker ", worker, " keeps ", held_bytes, " bytes of records"));
}

void Checker::OnAnswered(uint32_t worker, int64_t sent_ns) {
  const auto sent = workers_[worker].heartbeats_ns.find(sent_ns);
  if (sent == workers_[worker].heartbeats_ns.end()) return;
  int64_t& until_ns = workers_[worker].lease_until_ns;
  until_ns = std::max(until_ns, sent->second + scenario_.lease_ns);
}

void Checker::OnStart(uint32_t phase, uint32_t worker, int64_t start_ns, int64_t clock_error_ns) {
  starts_ns_[{phase, worker}] = start_ns - clock_error_ns;
}

void Checker::OnRecord(uint32_t worker, const v1::Record& record) {
  const auto found = sent_.find({record.phase(), record.session(), record.turn()});
  if (found != sent_.end()) {
    for (Sending& sending : found->second) {
      if (sending.worker != worker || !sending.is_over || sending.has_record) continue;
      if (sending.outcome != record.outcome()) break;
      sending.has_record = true;
      return;
    }
  }
  Fail("records", absl::StrCat("the record of session ", record.session(), ", turn ", record.turn(),
                               " from worker ", worker, " is not of anything that it did"));
}

uint64_t Checker::lost() const {
  return std::count_if(workers_.begin(), workers_.end(),
                       [](const auto& entry) { return entry.second.lost; });
}

uint64_t Checker::joined() const {
  return std::count_if(workers_.begin(), workers_.end(),
                       [](const auto& entry) { return entry.second.joined; });
}

uint64_t Checker::taken_over() const {
  return std::count_if(sent_.begin(), sent_.end(),
                       [](const auto& entry) { return entry.second.size() > 1; });
}

}  // namespace drumfire::simulation
