#include "coordinator/run/phase_runner.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "glog/logging.h"

namespace drumfire {
namespace {

constexpr absl::Duration kTurn = absl::Milliseconds(20);
constexpr int64_t kPrepareLimitNs = 60 * kNsPerSecond;
// From the Start message to t = 0: time for it to reach everyone.
constexpr int64_t kStartLeadNs = 20 * kNsPerMs;
constexpr int64_t kStartLeadPerWorkerNs = 200 * kNsPerUs;

}  // namespace

PhaseRunner::PhaseRunner(const v1::Plan& plan, uint32_t phase, const Dataset* dataset, Fleet* fleet,
                         const StopRequests* stop, PhaseObserver* observer, const Clock& clock)
    : plan_(plan),
      spec_(plan.phases(static_cast<int>(phase))),
      dataset_(dataset),
      fleet_(fleet),
      stop_(stop),
      observer_(observer),
      clock_(clock),
      arrivals_(spec_, plan.seed(), phase, dataset) {
  outcome_.phase = phase;
  outcome_.workers.resize(fleet->size());
}

absl::Status PhaseRunner::Prepare() {
  MakeLedger();
  SendPrepare();
  return WaitForPrepared();
}

PhaseOutcome PhaseRunner::Run() {
  if (!draining_) Start();
  WaitForEnd();
  outcome_.end_ns = clock_.MonotonicNs();
  outcome_.total = ScheduledTotal();
  return std::move(outcome_);
}

// A closed loop that its duration ended has no total: what was sent is all there was to send.
uint64_t PhaseRunner::ScheduledTotal() const {
  const bool clock_ended_it =
      !IsOpenLoop(spec_) && spec_.duration_ns() > 0 && outcome_.early_end.empty();
  return clock_ended_it ? kUnboundedCredits : outcome_.total;
}

int64_t PhaseRunner::DueNs(uint64_t k) { return arrivals_.At(k); }

// With a concurrency below the number of workers only so many workers take part: a worker without a
// slot could send nothing.
void PhaseRunner::MakeLedger() {
  const uint32_t workers = fleet_->size();
  participants_ = spec_.concurrency() > 0 ? std::min(workers, spec_.concurrency()) : workers;
  for (uint32_t worker = 0; worker < participants_; ++worker) {
    outcome_.workers[worker].participates = true;
    slots_.push_back(SlotShare(spec_.concurrency(), worker, participants_));
  }
  if (IsOpenLoop(spec_)) {
    outcome_.total = OpenLoopRequestCount(plan_, outcome_.phase, dataset_);
    ledger_ = MakeOpenLoopLedger(outcome_.phase, participants_, outcome_.total,
                                 [this](uint64_t k) { return DueNs(k); });
  } else {
    outcome_.total = spec_.request_count() > 0 ? spec_.request_count() : kUnboundedCredits;
    ledger_ = MakeClosedLoopLedger(outcome_.phase, slots_, outcome_.total);
  }
}

void PhaseRunner::SendPrepare() {
  std::vector<v1::CoordinatorMessage> messages(participants_);
  for (uint32_t worker = 0; worker < participants_; ++worker) {
    v1::Prepare* prepare = messages[worker].mutable_prepare();
    prepare->set_phase(outcome_.phase);
    prepare->set_slots(slots_[worker]);
    prepare->mutable_first_grant()->set_phase(outcome_.phase);
  }
  for (WorkerGrant& first : ledger_->Advance(0)) {
    *messages[first.worker].mutable_prepare()->mutable_first_grant() = std::move(first.grant);
  }
  for (uint32_t worker = 0; worker < participants_; ++worker) {
    fleet_->Send(worker, std::move(messages[worker]));
  }
}

bool PhaseRunner::AllPrepared() const {
  return std::all_of(outcome_.workers.begin(), outcome_.workers.end(),
                     [](const WorkerPhase& w) { return w.over() || w.prepared.has_value(); });
}

absl::Status PhaseRunner::WaitForPrepared() {
  const int64_t deadline_ns = clock_.MonotonicNs() + kPrepareLimitNs;
  while (!AllPrepared()) {
    if (const auto event = fleet_->Next(kTurn)) Handle(*event);
    HandleStops();
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

void PhaseRunner::Start() {
  const int64_t lead_ns = kStartLeadNs + participants_ * kStartLeadPerWorkerNs;
  outcome_.start_ns = clock_.MonotonicNs() + lead_ns;
  outcome_.start_wall_ns = clock_.WallNs() + lead_ns;
  for (uint32_t worker = 0; worker < participants_; ++worker) {
    v1::CoordinatorMessage message;
    message.mutable_start()->set_phase(outcome_.phase);
    message.mutable_start()->set_start_ns(fleet_->ToWorkerClock(worker, outcome_.start_ns));
    fleet_->Send(worker, std::move(message));
  }
  observer_->OnPhaseStart(outcome_);
}

bool PhaseRunner::AllOver() const {
  return std::all_of(outcome_.workers.begin(), outcome_.workers.end(),
                     [](const WorkerPhase& w) { return w.over(); });
}

void PhaseRunner::WaitForEnd() {
  while (!AllOver()) {
    if (const auto event = fleet_->Next(kTurn)) Handle(*event);
    HandleStops();
    const int64_t now_ns = clock_.MonotonicNs();
    if (!draining_) SendGrants(ledger_->Advance(now_ns - outcome_.start_ns));
    observer_->OnProgress(outcome_, now_ns);
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
  }
}

void PhaseRunner::Handle(const FleetEvent& event) {
  WorkerPhase& worker = outcome_.workers[event.worker];
  if (event.closed || event.message.has_failure()) {
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
      worker->start_late_ns = message.started().late_ns();
      return;
    case v1::WorkerMessage::kDemand:
      if (draining_) return;
      return SendGrants(ledger_->OnDemand(event.worker, message.demand().unsent(),
                                          message.demand().free_slots()));
    case v1::WorkerMessage::kProgress:
      worker->progress = message.progress();
      return;
    case v1::WorkerMessage::kHistograms:
      return observer_->OnHistograms(event.worker, message.histograms());
    case v1::WorkerMessage::kPhaseDone:
      worker->done = message.phase_done();
      worker->granted = ledger_->granted(event.worker);
      return;
    default:
      return;
  }
}

// The run cannot be what was planned without this worker: the others stop, and the report says so.
void PhaseRunner::Lose(WorkerPhase* worker, const FleetEvent& event) {
  worker->lost = true;
  if (worker->participates) worker->granted = ledger_->granted(event.worker);
  const std::string reason = event.closed ? event.close_reason : event.message.failure().reason();
  LOG(WARNING) << "worker " << fleet_->member(event.worker).address() << " lost: " << reason;
  outcome_.early_end =
      absl::StrCat("worker ", fleet_->member(event.worker).address(), " lost: ", reason);
  if (!draining_) CancelAll();
}

void PhaseRunner::SendGrants(const std::vector<WorkerGrant>& grants) {
  for (const WorkerGrant& grant : grants) {
    v1::CoordinatorMessage message;
    *message.mutable_grant() = grant.grant;
    fleet_->Send(grant.worker, std::move(message));
  }
}

void PhaseRunner::SendToAll(const v1::CoordinatorMessage& message) {
  for (uint32_t worker = 0; worker < participants_; ++worker) fleet_->Send(worker, message);
}

void PhaseRunner::DrainAll(int64_t grace_ns) {
  draining_ = true;
  v1::CoordinatorMessage message;
  message.mutable_drain()->set_phase(outcome_.phase);
  message.mutable_drain()->set_grace_ns(grace_ns);
  SendToAll(message);
}

void PhaseRunner::CancelAll() {
  draining_ = true;
  v1::CoordinatorMessage message;
  message.mutable_cancel()->set_phase(outcome_.phase);
  SendToAll(message);
}

}  // namespace drumfire
