#include "coordinator/run/phase_runner.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/buggify/buggify.h"
#include "glog/logging.h"

namespace drumfire {
namespace {

constexpr absl::Duration kTurn = absl::Milliseconds(20);
constexpr int64_t kPrepareLimitNs = 60 * kNsPerSecond;
// From the Start message to t = 0: time for it to reach everyone.
constexpr int64_t kStartLeadNs = 20 * kNsPerMs;
constexpr int64_t kStartLeadPerWorkerNs = 200 * kNsPerUs;
// In the reason why a run ended.
constexpr uint32_t kMostNamedLosses = 3;
constexpr char kDoesNotEnd[] =
    "it answers heartbeats but did not end the phase in time; its I/O thread may hang";

bool MayContinueWithout(const v1::Plan& plan) { return plan.loss().action() == v1::LOSS_CONTINUE; }

}  // namespace

std::string LossThatEndsRun(const v1::Plan& plan, const Fleet& fleet) {
  std::string why;
  uint32_t lost = 0;
  bool somebody_is_left = false;
  for (uint32_t worker = 0; worker < fleet.size(); ++worker) {
    const Member& member = fleet.member(worker);
    somebody_is_left = somebody_is_left || member.present();
    if (!member.lost) continue;
    if (++lost > kMostNamedLosses) continue;
    absl::StrAppend(&why, lost > 1 ? "; " : "", "worker ", member.address(),
                    " lost: ", member.lost_reason);
  }
  if (lost > kMostNamedLosses) absl::StrAppend(&why, "; ", lost - kMostNamedLosses, " more");
  return MayContinueWithout(plan) && somebody_is_left ? "" : why;
}

PhaseRunner::PhaseRunner(const v1::Plan& plan, uint32_t phase, const Dataset* dataset, Fleet* fleet,
                         const StopRequests* stop, PhaseObserver* observer, const Clock& clock)
    : plan_(plan),
      spec_(plan.phases(static_cast<int>(phase))),
      dataset_(dataset),
      fleet_(fleet),
      stop_(stop),
      observer_(observer),
      clock_(clock),
      participants_(spec_, fleet, &outcome_),
      arrivals_(spec_, plan.seed(), phase, dataset) {
  outcome_.phase = phase;
  outcome_.workers.resize(fleet->size());
}

absl::Status PhaseRunner::Prepare() {
  participants_.Choose();
  MakeLedger();
  SendPrepare();
  return WaitForPrepared();
}

PhaseOutcome PhaseRunner::Run() {
  WaitForLostLeases();
  if (!draining_) Start();
  WaitForEnd();
  outcome_.end_ns = clock_.MonotonicNs();
  outcome_.total = ScheduledTotal();
  for (const uint32_t worker : participants_.workers()) {
    WorkerPhase& state = outcome_.workers[worker];
    state.granted = ledger_->granted(state.participant);
    state.settled = ledger_->settled(state.participant);
  }
  return std::move(outcome_);
}

// A closed loop that its duration ended has no total: what was sent is all there was to send.
uint64_t PhaseRunner::ScheduledTotal() const {
  const bool clock_ended_it =
      !IsOpenLoop(spec_) && spec_.duration_ns() > 0 && outcome_.early_end.empty();
  return clock_ended_it ? kUnboundedCredits : outcome_.total;
}

void PhaseRunner::MakeLedger() {
  const uint32_t participants = participants_.count();
  const LedgerOptions options{outcome_.phase, MayContinueWithout(plan_) && participants > 1};
  if (IsOpenLoop(spec_)) {
    outcome_.total = OpenLoopRequestCount(plan_, outcome_.phase, dataset_);
    ledger_ = MakeOpenLoopLedger(options, participants, outcome_.total,
                                 [this](uint64_t k) { return arrivals_.At(k); });
  } else {
    outcome_.total = spec_.request_count() > 0 ? spec_.request_count() : kUnboundedCredits;
    ledger_ = MakeClosedLoopLedger(options, participants_.EvenSlots(participants), outcome_.total);
  }
  final_granted_ = !options.hold_final;
  rejoining_.emplace(fleet_, &participants_, ledger_.get(), observer_, &outcome_);
}

void PhaseRunner::SendPrepare() {
  std::vector<v1::CoordinatorMessage> messages(participants_.count());
  for (uint32_t i = 0; i < participants_.count(); ++i) {
    v1::Prepare* prepare = messages[i].mutable_prepare();
    prepare->set_phase(outcome_.phase);
    prepare->set_slots(outcome_.workers[participants_.workers()[i]].slots);
    prepare->mutable_first_grant()->set_phase(outcome_.phase);
  }
  for (WorkerGrant& first : ledger_->Advance(0)) {
    *messages[first.worker].mutable_prepare()->mutable_first_grant() = std::move(first.grant);
  }
  for (uint32_t i = 0; i < participants_.count(); ++i) {
    fleet_->Send(participants_.workers()[i], std::move(messages[i]));
  }
}

bool PhaseRunner::AllPrepared() const {
  return std::all_of(outcome_.workers.begin(), outcome_.workers.end(),
                     [](const WorkerPhase& w) { return w.over() || w.prepared.has_value(); });
}

absl::Status PhaseRunner::WaitForPrepared() {
  const int64_t deadline_ns = clock_.MonotonicNs() + kPrepareLimitNs;
  while (!AllPrepared()) {
    HandleTurn([this] { return AllPrepared(); });
    HandleStops();
    LoseOverdue();
    if (clock_.MonotonicNs() > deadline_ns) {
      return absl::DeadlineExceededError("workers did not get ready for the phase within 60 s");
    }
  }
  for (const WorkerPhase& worker : outcome_.workers) {
    if (worker.prepared.has_value() && !worker.prepared->connect_error().empty()) {
      CancelAll();
      return absl::InvalidArgumentError(absl::StrCat("--url: ", worker.prepared->connect_error()));
    }
  }
  return absl::OkStatus();
}

// Who was lost in an earlier phase may still have requests in flight: its slots are free only then.
void PhaseRunner::WaitForLostLeases() {
  while (!draining_ && LostMaySend()) {
    HandleTurn([] { return false; });
    HandleStops();
  }
}

bool PhaseRunner::LostMaySend() const {
  for (uint32_t worker = 0; worker < fleet_->size(); ++worker) {
    if (fleet_->member(worker).lost && !fleet_->LeaseIsOver(worker)) return true;
  }
  return false;
}

void PhaseRunner::Start() {
  const int64_t usual_lead_ns =
      kStartLeadNs + static_cast<int64_t>(participants_.count()) * kStartLeadPerWorkerNs;
  const int64_t lead_ns = Buggify("phase runner: a start without lead") ? 0 : usual_lead_ns;
  outcome_.start_ns = clock_.MonotonicNs() + lead_ns;
  outcome_.start_wall_ns = clock_.WallNs() + lead_ns;
  for (const uint32_t worker : participants_.workers()) {
    v1::CoordinatorMessage message;
    message.mutable_start()->set_phase(outcome_.phase);
    message.mutable_start()->set_start_ns(fleet_->ToWorkerClock(worker, outcome_.start_ns));
    fleet_->Send(worker, std::move(message));
  }
  deadline_.OnStart(spec_, outcome_.start_ns);
  observer_->OnPhaseStart(outcome_);
}

bool PhaseRunner::AllOver() const {
  return std::all_of(outcome_.workers.begin(), outcome_.workers.end(),
                     [](const WorkerPhase& w) { return w.over(); });
}

void PhaseRunner::WaitForEnd() {
  while (!AllOver()) {
    HandleTurn([this] { return AllOver(); });
    HandleStops();
    LoseOverdue();
    HandleErrorLimit();
    const int64_t now_ns = clock_.MonotonicNs();
    if (!draining_) {
      ReclaimLostShares();
      StepRejoiningWorkers();
      SendGrants(ledger_->Advance(now_ns - outcome_.start_ns));
      GrantFinalWhenAllSent();
    }
    observer_->OnProgress(outcome_, now_ns);
  }
}

// What comes in a turn's time, until that brings about what is waited for. What has to walk over
// all workers is done between two turns and not for each of their messages.
void PhaseRunner::HandleTurn(const std::function<bool()>& is_reached) {
  const int64_t until_ns = clock_.MonotonicNs() + absl::ToInt64Nanoseconds(kTurn);
  for (int64_t now_ns; (now_ns = clock_.MonotonicNs()) < until_ns;) {
    const auto event = fleet_->Next(absl::Nanoseconds(until_ns - now_ns));
    if (!event.has_value()) continue;
    Handle(*event);
    const bool may_be_last =
        event->closed || event->message.has_prepared() || event->message.has_phase_done();
    if (may_be_last && is_reached()) return;
  }
}

void PhaseRunner::HandleStops() {
  const int stops = stop_->count();
  if (stops == stops_handled_) return;
  stops_handled_ = stops;
  outcome_.interrupted = true;
  outcome_.early_end = "interrupted";
  if (stops == 1) {
    DrainAll(spec_.grace_period_ns());
  } else {
    CancelAll();
    deadline_.OnLastStop(clock_.MonotonicNs());
  }
}

// Next tells the losses.
void PhaseRunner::LoseOverdue() {
  if (!deadline_.IsOver(clock_.MonotonicNs())) return;
  for (uint32_t worker = 0; worker < outcome_.workers.size(); ++worker) {
    if (outcome_.workers[worker].over() || fleet_->member(worker).lost) continue;
    fleet_->Expel(worker, kDoesNotEnd);
  }
}

void PhaseRunner::HandleErrorLimit() {
  if (draining_) return;
  std::string why = observer_->WhyToEnd();
  if (why.empty()) return;
  outcome_.early_end = std::move(why);
  CancelAll();
}

void PhaseRunner::Handle(const FleetEvent& event) {
  if (event.worker >= outcome_.workers.size()) outcome_.workers.resize(fleet_->size());
  WorkerPhase& worker = outcome_.workers[event.worker];
  if (event.closed) {
    Lose(&worker, event);
  } else {
    HandleMessage(&worker, event);
  }
}

void PhaseRunner::HandleMessage(WorkerPhase* worker, const FleetEvent& event) {
  const v1::WorkerMessage& message = event.message;
  switch (message.body_case()) {
    case v1::WorkerMessage::kPrepared:
      worker->prepared = message.prepared();
      return;
    case v1::WorkerMessage::kStarted:
      if (!worker->came_late) worker->start_late_ns = message.started().late_ns();
      return;
    case v1::WorkerMessage::kDemand:
      if (draining_) return;
      return SendGrants(ledger_->OnDemand(worker->participant, message.demand().unsent(),
                                          message.demand().free_slots()));
    case v1::WorkerMessage::kProgress:
      return HandleProgress(worker, message.progress());
    case v1::WorkerMessage::kHistograms:
      return observer_->OnHistograms(event.worker, message.histograms());
    case v1::WorkerMessage::kPhaseDone:
      worker->done = message.phase_done();
      ledger_->Settle(worker->participant, kUnboundedCredits);
      return;
    default:
      return;
  }
}

void PhaseRunner::HandleProgress(WorkerPhase* worker, const v1::Progress& progress) {
  if (progress.phase() != outcome_.phase) return;
  worker->progress = progress;
  ledger_->Settle(worker->participant, progress.lowest_unsent(), progress.totals().granted());
}

// Unless the plan allows it, the run cannot be what was planned without this worker: the others
// stop, and the report says so.
void PhaseRunner::Lose(WorkerPhase* worker, const FleetEvent& event) {
  worker->lost = true;
  const std::string what = absl::StrCat("worker ", fleet_->member(event.worker).address(),
                                        " lost: ", event.close_reason);
  LOG(WARNING) << what;
  rejoining_->OnLost(event.worker);
  if (!worker->participates) return;
  ledger_->Lose(worker->participant);
  if (MayContinue()) return;
  outcome_.early_end = what;
  if (!draining_) CancelAll();
}

bool PhaseRunner::MayContinue() const {
  return MayContinueWithout(plan_) && outcome_.start_ns > 0 &&
         !participants_.TooManyLost(plan_.loss().max_lost_share());
}

void PhaseRunner::StepRejoiningWorkers() {
  if (plan_.loss().elastic()) rejoining_->Tend(/*may_begin=*/!final_granted_);
}

void PhaseRunner::ReclaimLostShares() {
  for (const uint32_t worker : participants_.workers()) {
    const WorkerPhase& state = outcome_.workers[worker];
    if (state.lost && !state.share_reclaimed && fleet_->LeaseIsOver(worker)) Reclaim(worker);
  }
}

// What has a record, and what the worker said it sent, is not sent again.
void PhaseRunner::Reclaim(uint32_t worker) {
  WorkerPhase& state = outcome_.workers[worker];
  ledger_->Settle(state.participant, observer_->CloseRecords(worker, outcome_.phase));
  state.share_reclaimed = true;
  state.credits_reclaimed = ledger_->Reclaim(state.participant);
  state.settled = ledger_->settled(state.participant);
  participants_.ShareSlots(rejoining_->waiting());
}

bool PhaseRunner::HasSentAll(const WorkerPhase& worker) const {
  if (worker.lost) return worker.share_reclaimed;
  return worker.done.has_value() ||
         (worker.progress.has_value() && worker.progress->totals().unsent() == 0 &&
          worker.progress->totals().granted() == ledger_->granted(worker.participant));
}

// As long as a worker that is lost would leave something to do, nobody may end.
void PhaseRunner::GrantFinalWhenAllSent() {
  if (final_granted_ || !ledger_->exhausted()) return;
  for (const uint32_t worker : participants_.workers()) {
    if (!HasSentAll(outcome_.workers[worker])) return;
  }
  final_granted_ = true;
  SendGrants(ledger_->GrantFinal());
}

void PhaseRunner::SendGrants(const std::vector<WorkerGrant>& grants) {
  for (const WorkerGrant& grant : grants) {
    v1::CoordinatorMessage message;
    *message.mutable_grant() = grant.grant;
    fleet_->Send(participants_.workers()[grant.worker], std::move(message));
  }
}

void PhaseRunner::DrainAll(int64_t grace_ns) {
  draining_ = true;
  v1::CoordinatorMessage message;
  message.mutable_drain()->set_phase(outcome_.phase);
  message.mutable_drain()->set_grace_ns(grace_ns);
  participants_.SendToAll(message);
  deadline_.OnDrain(clock_.MonotonicNs(), grace_ns);
}

void PhaseRunner::CancelAll() {
  draining_ = true;
  v1::CoordinatorMessage message;
  message.mutable_cancel()->set_phase(outcome_.phase);
  participants_.SendToAll(message);
  deadline_.OnCancel(clock_.MonotonicNs());
}

}  // namespace drumfire
