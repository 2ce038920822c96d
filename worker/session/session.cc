#include "worker/session/session.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/buggify/buggify.h"
#include "common/plan/plan_hash.h"
#include "common/plan/version.h"
#include "common/status/status_macros.h"

namespace drumfire {
namespace {

constexpr char kNoAnswer[] = "the coordinator answered no heartbeat for the lease";

}  // namespace

void Session::OnMessage(const v1::CoordinatorMessage& message, int64_t now_ns) {
  if (state_ == State::kClosed) return;
  if (state_ == State::kNew) return OnHello(message, now_ns);
  if (!Accept(message)) return;
  last_heard_ns_ = now_ns;
  Dispatch(message, now_ns);
}

// Old epochs, other plans and repeats have no effect. A gap ends the run: what was in it is gone.
bool Session::Accept(const v1::CoordinatorMessage& message) {
  if (message.epoch() != epoch_ || message.plan_hash() != plan_hash_) return false;
  if (message.sequence() <= last_received_) return false;
  if (message.sequence() > last_received_ + 1) {
    Fail(absl::StrCat("message ", message.sequence(), " came after message ", last_received_,
                      ": some are lost"));
    return false;
  }
  last_received_ = message.sequence();
  return true;
}

void Session::OnHello(const v1::CoordinatorMessage& message, int64_t now_ns) {
  if (!message.has_hello()) return Refuse("the first message is not Hello");
  const v1::Hello& hello = message.hello();
  if (hello.protocol_version() != kProtocolVersion) {
    return Refuse(absl::StrCat("protocol version ", hello.protocol_version(),
                               ", this worker speaks ", kProtocolVersion));
  }
  if (PlanHash(hello.plan()) != message.plan_hash()) return Refuse("plan and plan hash differ");
  if (const absl::Status status = CheckHello(hello); !status.ok()) {
    return Refuse(std::string(status.message()));
  }
  epoch_ = message.epoch();
  plan_hash_ = message.plan_hash();
  last_received_ = message.sequence();
  lease_ns_ = hello.lease_ns();
  auto ready = host_->Open(hello, epoch_);
  if (!ready.ok()) return Refuse(std::string(ready.status().message()));
  phases_ = BoundsOf(hello.plan());
  state_ = State::kLoading;
  last_heard_ns_ = now_ns;
  const bool complete = ready->needed_chunks().empty();
  v1::WorkerMessage reply;
  *reply.mutable_ready() = *std::move(ready);
  Send(std::move(reply));
  if (complete) Load();
}

void Session::OnChunk(const v1::Chunk& chunk) {
  if (state_ != State::kLoading) return Fail("Chunk: all chunks are here");
  const auto complete = host_->AddChunk(chunk);
  if (!complete.ok()) return Fail(std::string(complete.status().message()));
  if (*complete) Load();
}

void Session::Load() {
  if (const absl::Status loaded = host_->Load(); !loaded.ok()) {
    return Fail(std::string(loaded.message()));
  }
  state_ = State::kIdle;
  just_loaded_ = true;
  v1::WorkerMessage reply;
  reply.mutable_loaded();
  Send(std::move(reply));
}

void Session::OnPrepare(const v1::Prepare& prepare) {
  if (state_ != State::kIdle) {
    return Fail(has_phase() ? "Prepare while another phase runs" : "Prepare before Loaded");
  }
  if (!FailUnlessOk("Prepare", CheckPrepare(prepare))) return;
  state_ = State::kPreparing;
  phase_ = prepare.phase();
  next_phase_ = phase_ + 1;
  granted_ = prepare.first_grant().count();
  host_->Prepare(prepare);
}

// Phases come in the plan's order; a worker that joins late leaves some out.
absl::Status Session::CheckPrepare(const v1::Prepare& prepare) const {
  if (prepare.phase() < next_phase_ || prepare.phase() >= phases_.size()) {
    return absl::InvalidArgumentError(absl::StrCat("found phase ", prepare.phase(),
                                                   ", expected one from ", next_phase_,
                                                   " on and below ", phases_.size()));
  }
  const v1::Grant& grant = prepare.first_grant();
  if (grant.count() > 0 && grant.phase() != prepare.phase()) {
    return absl::InvalidArgumentError(absl::StrCat("found credits of phase ", grant.phase(),
                                                   ", expected phase ", prepare.phase()));
  }
  const PhaseBounds& bounds = phases_[prepare.phase()];
  DRUMFIRE_RETURN_IF_ERROR(CheckSlots(bounds, prepare.slots()));
  return CheckGrant(bounds, 0, grant);
}

void Session::OnPrepared(v1::Prepared prepared) {
  if (state_ != State::kPreparing) return;
  state_ = State::kPrepared;
  prepared.set_phase(phase_);
  v1::WorkerMessage message;
  *message.mutable_prepared() = std::move(prepared);
  Send(std::move(message));
}

void Session::OnGrant(const v1::Grant& grant) {
  if (!IsForPhase("Grant", grant.phase())) return;
  if (!FailUnlessOk("Grant", CheckGrant(bounds(), granted_, grant))) return;
  granted_ += grant.count();
  FailUnlessOk("Grant", host_->AddCredits(grant));
}

void Session::OnStart(const v1::Start& start, int64_t now_ns) {
  if (state_ != State::kPrepared) return Fail("Start before Prepared");
  if (!IsForPhase("Start", start.phase())) return;
  if (!FailUnlessOk("Start", CheckStart(start, now_ns))) return;
  state_ = State::kRunning;
  host_->StartPhase(start);
  v1::WorkerMessage message;
  message.mutable_started()->set_phase(phase_);
  message.mutable_started()->set_late_ns(std::max<int64_t>(0, now_ns - start.start_ns()));
  Send(std::move(message));
}

void Session::OnSlotChange(const v1::SlotChange& change) {
  if (!IsForPhase("SlotChange", change.phase())) return;
  if (!FailUnlessOk("SlotChange", CheckSlots(bounds(), change.slots()))) return;
  host_->SetSlots(change);
}

void Session::OnDrain(const v1::Drain& drain) {
  if (!IsForPhase("Drain", drain.phase())) return;
  if (FailUnlessOk("Drain", CheckDrain(drain))) host_->Drain(drain.grace_ns());
}

void Session::OnCancel(const v1::Cancel& cancel) {
  if (IsForPhase("Cancel", cancel.phase())) host_->Cancel();
}

void Session::OnRecordAck(const v1::RecordAck& ack) {
  FailUnlessOk("RecordAck", host_->AckRecords(ack.sequence()));
}

// A message for a phase that has just ended crossed its end on the way and has no effect.
bool Session::IsForPhase(absl::string_view what, uint32_t phase) {
  if (has_phase() && phase == phase_) return true;
  const bool has_ended = state_ == State::kIdle && uint64_t{phase} + 1 == next_phase_;
  if (has_ended) return false;
  const std::string in_hand = has_phase() ? absl::StrCat("phase ", phase_) : "no phase";
  Fail(absl::StrCat(what, ": found phase ", phase, ", but ", in_hand, " is in hand"));
  return false;
}

void Session::Dispatch(const v1::CoordinatorMessage& message, int64_t now_ns) {
  switch (message.body_case()) {
    case v1::CoordinatorMessage::kChunk:
      return OnChunk(message.chunk());
    case v1::CoordinatorMessage::kPrepare:
      return OnPrepare(message.prepare());
    case v1::CoordinatorMessage::kGrant:
      return OnGrant(message.grant());
    case v1::CoordinatorMessage::kStart:
      return OnStart(message.start(), now_ns);
    case v1::CoordinatorMessage::kSlotChange:
      return OnSlotChange(message.slot_change());
    case v1::CoordinatorMessage::kDrain:
      return OnDrain(message.drain());
    case v1::CoordinatorMessage::kCancel:
      return OnCancel(message.cancel());
    case v1::CoordinatorMessage::kRecordAck:
      return OnRecordAck(message.record_ack());
    case v1::CoordinatorMessage::kHeartbeat:
      return OnHeartbeat(message.heartbeat(), now_ns);
    case v1::CoordinatorMessage::kFinish:
      return Close("");
    case v1::CoordinatorMessage::kHello:
      return Fail("a second Hello");
    default:
      return;  // clock probes are answered by the stream; an empty body says nothing
  }
}

// Whoever makes answers up has not heard this worker.
void Session::OnHeartbeat(const v1::Heartbeat& answer, int64_t now_ns) {
  if (answer.sent_ns() > newest_heartbeat_ns_) {
    return Fail("Heartbeat: an answer to one that was never sent");
  }
  RenewLease(std::min(answer.sent_ns(), now_ns));
}

void Session::RenewLease(int64_t from_ns) {
  if (from_ns <= lease_from_ns_) return;
  lease_from_ns_ = from_ns;
  host_->ExtendLease(from_ns + lease_ns_);
}

void Session::Heartbeat(int64_t now_ns) {
  if (last_heartbeat_ns_ > 0 && now_ns - last_heartbeat_ns_ < HeartbeatEveryNs()) return;
  last_heartbeat_ns_ = now_ns;
  if (Buggify("session: no heartbeat this time")) return;
  v1::WorkerMessage message;
  newest_heartbeat_ns_ = now_ns;
  message.mutable_heartbeat()->set_sent_ns(now_ns);
  Send(std::move(message));
}

void Session::OnLowCredits(uint64_t unsent, uint32_t free_slots) {
  if (state_ != State::kRunning) return;
  v1::WorkerMessage message;
  v1::Demand* demand = message.mutable_demand();
  demand->set_phase(phase_);
  demand->set_unsent(unsent);
  demand->set_free_slots(free_slots);
  Send(std::move(message));
}

void Session::OnPhaseDone(v1::PhaseDone done) {
  if (state_ == State::kClosed) return;
  state_ = State::kIdle;
  v1::WorkerMessage message;
  *message.mutable_phase_done() = std::move(done);
  Send(std::move(message));
}

void Session::OnLeaseExpired() {
  if (state_ == State::kRunning) Fail(kNoAnswer);
}

void Session::OnUntakenFor(int64_t ns) {
  if (state_ == State::kNew || state_ == State::kClosed || ns <= lease_ns_) return;
  Fail("the coordinator took no message for the lease");
}

int64_t Session::OnTick(int64_t now_ns) {
  if (state_ == State::kNew || state_ == State::kClosed) return kNever;
  // Loading held up this thread: that was our silence, not the coordinator's.
  if (std::exchange(just_loaded_, false)) {
    last_heard_ns_ = loaded_ns_ = now_ns;
    last_heartbeat_ns_ = 0;
  }
  if (now_ns - last_heard_ns_ > lease_ns_) {
    Fail("nothing heard from the coordinator for the lease");
  } else if (now_ns >= ExpiryNs()) {
    Fail(kNoAnswer);
  } else if (HasIdledTooLong(now_ns)) {
    Fail("the coordinator kept this worker for a day without running a phase");
  } else {
    Heartbeat(now_ns);
  }
  return NextTickNs();
}

bool Session::HasIdledTooLong(int64_t now_ns) {
  if (std::exchange(ticked_state_, state_) != state_) in_state_since_ns_ = now_ns;
  return state_ != State::kRunning && now_ns - in_state_since_ns_ > kLongestIdleNs;
}

// When the coordinator will not have answered a heartbeat for the lease. While it sends chunks its
// answers wait behind them.
int64_t Session::ExpiryNs() const {
  if (state_ == State::kLoading) return kNever;
  const int64_t from_ns =
      state_ == State::kRunning ? lease_from_ns_ : std::max(lease_from_ns_, loaded_ns_);
  return from_ns + lease_ns_ + 1;
}

// A lease has expired a moment after its end.
int64_t Session::NextTickNs() const {
  if (state_ == State::kClosed) return kNever;
  const int64_t silence_ns = last_heard_ns_ + lease_ns_ + 1;
  return std::min({last_heartbeat_ns_ + HeartbeatEveryNs(), silence_ns, ExpiryNs()});
}

void Session::OnStreamClosed() { Close("the coordinator's stream ended"); }

void Session::Send(v1::WorkerMessage message) {
  if (state_ == State::kClosed) return;
  message.set_epoch(epoch_);
  message.set_sequence(++last_sent_);
  message.set_plan_hash(plan_hash_);
  host_->Send(std::move(message));
}

bool Session::FailUnlessOk(absl::string_view what, const absl::Status& status) {
  if (!status.ok()) Fail(absl::StrCat(what, ": ", status.message()));
  return status.ok();
}

void Session::Fail(const std::string& reason) {
  v1::WorkerMessage message;
  message.mutable_failure()->set_reason(reason);
  Send(std::move(message));
  Close(reason);
}

void Session::Refuse(const std::string& reason) {
  v1::WorkerMessage message;
  message.mutable_refused()->set_reason(reason);
  Send(std::move(message));
  Close(reason);
}

void Session::Close(const std::string& why) {
  if (state_ == State::kClosed) return;
  state_ = State::kClosed;
  host_->Close(why);
}

}  // namespace drumfire
