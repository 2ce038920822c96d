#include "coordinator/run/phase_runner.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/buggify/buggify.h"
#include "coordinator/run/phase_messages.h"
#include "coordinator/run/run_losses.h"
#include "glog/logging.h"

namespace drumfire {
namespace {

// What has to walk over all workers is done so often and not for each of their messages.
constexpr int64_t kStepNs = 20 * kNsPerMs;
constexpr int64_t kPrepareLimitNs = 60 * kNsPerSecond;
// From the Start message to t = 0: time for it to reach everyone.
constexpr int64_t kStartLeadNs = 20 * kNsPerMs;
constexpr int64_t kStartLeadPerWorkerNs = 200 * kNsPerUs;

}  // namespace

PhaseRunner::PhaseRunner(const v1::Plan& plan, uint32_t phase, const Dataset* dataset,
                         const PhaseTotals& totals, Fleet* fleet, const StopRequests* stop,
                         PhaseListener* listener, const Clock& clock)
    : plan_(plan),
      spec_(plan.phases(static_cast<int>(phase))),
      fleet_(fleet),
      stop_(stop),
      listener_(listener),
      clock_(clock),
      participants_(spec_, fleet, &outcome_),
      arrivals_(spec_, plan.seed(), phase, dataset),
      stall_watch_(plan) {
  outcome_.phase = phase;
  outcome_.totals = totals;
  outcome_.workers.resize(fleet->size());
}

void PhaseRunner::BeginPrepare() {
  CHECK(state_ == State::kNew);
  state_ = State::kPreparing;
  prepare_until_ns_ = clock_.MonotonicNs() + kPrepareLimitNs;
  participants_.Choose();
  CHECK_GT(participants_.count(), 0u);
  for (uint32_t i = 0; i < participants_.count(); ++i) Participate(participants_.workers()[i], i);
  MakeLedger();
  SendPrepare();
}

void PhaseRunner::Participate(uint32_t worker, uint32_t participant) {
  outcome_.workers[worker].participates = true;
  outcome_.workers[worker].participant = participant;
  stall_watch_.Begin(worker, clock_.MonotonicNs());
}

void PhaseRunner::BeginRun(RecordKeeper* records) {
  CHECK(state_ == State::kPrepared);
  state_ = State::kWaitingForLeases;
  records_ = records;
  for (const auto& [worker, grant] : std::exchange(first_grants_, {})) {
    records_->OnGrant(worker, grant);
  }
  rejoining_.emplace(fleet_, &participants_, ledger_.get(), records, &outcome_);
}

PhaseOutcome PhaseRunner::TakeOutcome() {
  CHECK(state_ == State::kEnded);
  return std::move(outcome_);
}

// A closed loop that its duration ended has no total: what was sent is all there was to send.
PhaseTotals PhaseRunner::ScheduledTotals() const {
  const bool clock_ended_it =
      !IsOpenLoop(spec_) && spec_.duration_ns() > 0 && outcome_.early_end.empty();
  return clock_ended_it ? PhaseTotals() : outcome_.totals;
}

void PhaseRunner::MakeLedger() {
  const uint32_t participants = participants_.count();
  const LedgerOptions options{outcome_.phase, MayContinueWithout(plan_) && participants > 1};
  const uint64_t sessions = outcome_.totals.sessions;
  ledger_ = IsOpenLoop(spec_)
                ? MakeOpenLoopLedger(options, participants, sessions,
                                     [this](uint64_t session) { return arrivals_.At(session); })
                : MakeClosedLoopLedger(options, participants_.EvenSlots(participants), sessions);
  final_granted_ = !options.hold_final;
}

void PhaseRunner::SendPrepare() {
  std::vector<v1::CoordinatorMessage> messages;
  for (uint32_t i = 0; i < participants_.count(); ++i) {
    messages.push_back(PrepareMessage(outcome_.phase, participants_.slots(i)));
  }
  for (WorkerGrant& first : ledger_->Advance(0)) {
    *messages[first.worker].mutable_prepare()->mutable_first_grant() = std::move(first.grant);
  }
  for (uint32_t i = 0; i < participants_.count(); ++i) {
    const uint32_t worker = participants_.workers()[i];
    first_grants_.emplace_back(worker, messages[i].prepare().first_grant());
    fleet_->Send(worker, std::move(messages[i]));
  }
}

bool PhaseRunner::AllPrepared() const {
  return std::all_of(outcome_.workers.begin(), outcome_.workers.end(),
                     [](const WorkerPhase& w) { return w.over() || w.prepared.has_value(); });
}

bool PhaseRunner::AllOver() const {
  return std::all_of(outcome_.workers.begin(), outcome_.workers.end(),
                     [](const WorkerPhase& w) { return w.over(); });
}

int64_t PhaseRunner::Step(int64_t now_ns) {
  HandleStops();
  if (state_ != State::kWaitingForLeases && deadline_.IsOver(clock_.MonotonicNs())) {
    ExpelUnended(outcome_, fleet_);
  }
  switch (state_) {
    case State::kPreparing:
      StepPreparing(now_ns);
      break;
    case State::kWaitingForLeases:
      StepWaitingForLeases();
      break;
    case State::kRunning:
      StepRunning(now_ns);
      break;
    default:
      LOG(FATAL) << "a step outside the phase";
  }
  return now_ns + kStepNs;
}

void PhaseRunner::StepPreparing(int64_t now_ns) {
  if (AllPrepared()) {
    prepared_ = CheckTargets();
  } else if (now_ns > prepare_until_ns_) {
    prepared_ = absl::DeadlineExceededError("workers did not get ready for the phase within 60 s");
  } else {
    return;
  }
  state_ = State::kPrepared;
}

absl::Status PhaseRunner::CheckTargets() {
  for (const WorkerPhase& worker : outcome_.workers) {
    if (!worker.prepared.has_value() || worker.prepared->connect_error().empty()) continue;
    CancelAll();
    return absl::InvalidArgumentError(absl::StrCat("--url: ", worker.prepared->connect_error()));
  }
  return absl::OkStatus();
}

// Who was lost in an earlier phase may still have requests in flight: its slots are free only then.
void PhaseRunner::StepWaitingForLeases() {
  if (!draining_ && LostMaySend()) return;
  if (!draining_) Start();
  state_ = State::kRunning;
  if (AllOver()) End();
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
  records_->OnPhaseStart(outcome_.phase, outcome_.start_ns);
  for (const uint32_t worker : participants_.workers()) {
    const int64_t start_ns = fleet_->ToWorkerClock(worker, outcome_.start_ns);
    fleet_->Send(worker, StartMessage(outcome_.phase, start_ns));
  }
  deadline_.OnStart(spec_, outcome_.start_ns);
  listener_->OnPhaseStart(outcome_);
}

void PhaseRunner::StepRunning(int64_t now_ns) {
  HandleErrorLimit();
  ExpelRefused(records_, fleet_);
  ExpelStalled(outcome_, stall_watch_, *ledger_, now_ns, fleet_);
  if (!draining_) StepCredits(now_ns);
  listener_->OnProgress(outcome_, now_ns);
  if (AllOver()) End();
}

void PhaseRunner::StepCredits(int64_t now_ns) {
  ReclaimLostShares();
  StepRejoiningWorkers();
  SendGrants(ledger_->Advance(now_ns - outcome_.start_ns));
  GrantFinalWhenAllBegun();
}

void PhaseRunner::End() {
  state_ = State::kEnded;
  outcome_.end_ns = clock_.MonotonicNs();
  outcome_.totals = ScheduledTotals();
  for (const uint32_t worker : participants_.workers()) {
    WorkerPhase& state = outcome_.workers[worker];
    state.granted = ledger_->granted(state.participant);
    state.settled = ledger_->settled(state.participant);
  }
}

void PhaseRunner::HandleStops() {
  const int stops = stop_->count();
  if (stops == stops_handled_) return;
  stops_handled_ = stops;
  outcome_.interrupted = true;
  outcome_.early_end = "interrupted";
  if (stops == 1) {
    DrainAll(InterruptGraceNs(spec_));
  } else {
    CancelAll();
    deadline_.OnLastStop(clock_.MonotonicNs());
  }
}

void PhaseRunner::HandleErrorLimit() {
  if (draining_) return;
  std::string why = records_->ErrorLimitReached();
  if (why.empty()) return;
  outcome_.early_end = std::move(why);
  CancelAll();
}

bool PhaseRunner::Handle(const FleetEvent& event) {
  if (event.worker >= outcome_.workers.size()) outcome_.workers.resize(fleet_->size());
  WorkerPhase& worker = outcome_.workers[event.worker];
  if (event.closed) {
    Lose(&worker, event);
  } else {
    HandleMessage(&worker, event);
  }
  const bool may_be_last =
      event.closed || event.message.has_prepared() || event.message.has_phase_done();
  return may_be_last && HasReachedState();
}

bool PhaseRunner::HasReachedState() const {
  if (state_ == State::kPreparing) return AllPrepared();
  return state_ == State::kRunning && AllOver();
}

void PhaseRunner::HandleMessage(WorkerPhase* worker, const FleetEvent& event) {
  const v1::WorkerMessage& message = event.message;
  const std::string fault = ClaimFault(message, *worker, SoFarOf(*worker));
  if (!fault.empty()) return fleet_->Expel(event.worker, absl::StrCat("it ", fault));
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
      stall_watch_.OnProgress(event.worker, message.progress().totals(), clock_.MonotonicNs());
      return HandleProgress(worker, message.progress());
    case v1::WorkerMessage::kHistograms:
      return listener_->OnHistograms(event.worker, message.histograms());
    case v1::WorkerMessage::kPhaseDone:
      worker->done = message.phase_done();
      ledger_->Settle(worker->participant, kUnboundedCredits);
      return;
    default:
      return;
  }
}

PhaseSoFar PhaseRunner::SoFarOf(const WorkerPhase& worker) const {
  PhaseSoFar so_far;
  so_far.phase = outcome_.phase;
  so_far.started = outcome_.start_ns > 0;
  so_far.stopping = draining_;
  so_far.since_start_ns = so_far.started ? clock_.MonotonicNs() - outcome_.start_ns : 0;
  so_far.granted = worker.participates ? ledger_->granted(worker.participant) : 0;
  return so_far;
}

void PhaseRunner::HandleProgress(WorkerPhase* worker, const v1::Progress& progress) {
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
  if (rejoining_.has_value()) rejoining_->OnLost(event.worker);
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
  if (!plan_.loss().elastic()) return;
  outcome_.workers.resize(fleet_->size());
  const auto progress = rejoining_->Step(/*may_begin=*/!final_granted_);
  if (progress.enlisted.has_value()) {
    Participate(*progress.enlisted, participants_.count() - 1);
    outcome_.workers[*progress.enlisted].came_late = true;
  }
  if (progress.started.has_value()) listener_->OnJoin(outcome_, *progress.started);
}

void PhaseRunner::ReclaimLostShares() {
  for (const uint32_t worker : participants_.workers()) {
    const WorkerPhase& state = outcome_.workers[worker];
    if (!state.lost || state.share_reclaimed || !fleet_->LeaseIsOver(worker)) continue;
    const auto recorded_below = records_->CloseRecords(worker, outcome_.phase);
    if (recorded_below.has_value()) Reclaim(worker, *recorded_below);
  }
}

// Sessions with a record, and those that the worker said it had begun, are not run again.
void PhaseRunner::Reclaim(uint32_t worker, uint64_t recorded_below) {
  WorkerPhase& state = outcome_.workers[worker];
  ledger_->Settle(state.participant, recorded_below);
  state.share_reclaimed = true;
  state.credits_reclaimed = ledger_->Reclaim(state.participant);
  state.settled = ledger_->settled(state.participant);
  participants_.Release(state.participant);
  participants_.ShareSlots(rejoining_->waiting());
}

bool PhaseRunner::HasBegunAll(const WorkerPhase& worker) const {
  if (worker.lost) return worker.share_reclaimed;
  return worker.done.has_value() ||
         (worker.progress.has_value() && worker.progress->totals().unsent() == 0 &&
          worker.progress->totals().granted() == ledger_->granted(worker.participant));
}

// As long as a worker that is lost would leave something to do, nobody may end.
void PhaseRunner::GrantFinalWhenAllBegun() {
  if (final_granted_ || !ledger_->exhausted()) return;
  for (const uint32_t worker : participants_.workers()) {
    if (!HasBegunAll(outcome_.workers[worker])) return;
  }
  final_granted_ = true;
  SendGrants(ledger_->GrantFinal());
}

void PhaseRunner::SendGrants(const std::vector<WorkerGrant>& grants) {
  for (const WorkerGrant& grant : grants) {
    const uint32_t worker = participants_.workers()[grant.worker];
    records_->OnGrant(worker, grant.grant);
    stall_watch_.OnGrant(worker, clock_.MonotonicNs());
    fleet_->Send(worker, GrantMessage(grant.grant));
  }
}

void PhaseRunner::DrainAll(int64_t grace_ns) {
  draining_ = true;
  participants_.SendToAll(DrainMessage(outcome_.phase, grace_ns));
  deadline_.OnDrain(clock_.MonotonicNs(), grace_ns);
}

void PhaseRunner::CancelAll() {
  draining_ = true;
  participants_.SendToAll(CancelMessage(outcome_.phase));
  deadline_.OnCancel(clock_.MonotonicNs());
}

}  // namespace drumfire
