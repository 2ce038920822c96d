#include "worker/session/session.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/buggify/buggify.h"
#include "common/plan/plan_hash.h"
#include "common/plan/version.h"

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
  epoch_ = message.epoch();
  plan_hash_ = message.plan_hash();
  last_received_ = message.sequence();
  lease_ns_ = hello.lease_ns();
  auto ready = host_->Open(hello, epoch_);
  if (!ready.ok()) return Refuse(std::string(ready.status().message()));
  state_ = State::kLoading;
  last_heard_ns_ = now_ns;
  if (lease_ns_ <= 0) host_->ExtendLease(std::numeric_limits<int64_t>::max());
  const bool complete = ready->needed_chunks().empty();
  v1::WorkerMessage reply;
  *reply.mutable_ready() = *std::move(ready);
  Send(std::move(reply));
  if (complete) Load();
}

void Session::OnChunk(const v1::Chunk& chunk) {
  if (state_ != State::kLoading) return;
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
  if (state_ != State::kIdle) return Fail("Prepare while another phase runs");
  state_ = State::kPreparing;
  phase_ = prepare.phase();
  host_->Prepare(prepare);
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
  if (!InPhase(grant.phase())) return;
  const absl::Status added = host_->AddCredits(grant);
  if (!added.ok()) Fail(std::string(added.message()));
}

void Session::OnStart(const v1::Start& start, int64_t now_ns) {
  if (state_ != State::kPrepared) return Fail("Start before Prepared");
  state_ = State::kRunning;
  host_->StartPhase(start);
  v1::WorkerMessage message;
  message.mutable_started()->set_phase(phase_);
  message.mutable_started()->set_late_ns(std::max<int64_t>(0, now_ns - start.start_ns()));
  Send(std::move(message));
}

bool Session::InPhase(uint32_t phase) const {
  return phase == phase_ &&
         (state_ == State::kPreparing || state_ == State::kPrepared || state_ == State::kRunning);
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
      if (InPhase(message.slot_change().phase())) host_->SetSlots(message.slot_change());
      return;
    case v1::CoordinatorMessage::kDrain:
      if (InPhase(message.drain().phase())) host_->Drain(message.drain().grace_ns());
      return;
    case v1::CoordinatorMessage::kCancel:
      if (InPhase(message.cancel().phase())) host_->Cancel();
      return;
    case v1::CoordinatorMessage::kRecordAck:
      return host_->AckRecords(message.record_ack().sequence());
    case v1::CoordinatorMessage::kHeartbeat:
      return RenewLease(std::min(message.heartbeat().sent_ns(), now_ns));
    case v1::CoordinatorMessage::kFinish:
      return Close("");
    default:
      return;  // clock probes are answered by the stream
  }
}

void Session::RenewLease(int64_t from_ns) {
  if (from_ns <= lease_from_ns_ || lease_ns_ <= 0) return;
  lease_from_ns_ = from_ns;
  host_->ExtendLease(from_ns + lease_ns_);
}

void Session::Heartbeat(int64_t now_ns) {
  if (last_heartbeat_ns_ > 0 && now_ns - last_heartbeat_ns_ < HeartbeatEveryNs()) return;
  last_heartbeat_ns_ = now_ns;
  if (Buggify("session: no heartbeat this time")) return;
  v1::WorkerMessage message;
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

int64_t Session::OnTick(int64_t now_ns) {
  if (state_ == State::kNew || state_ == State::kClosed || lease_ns_ <= 0) return kNever;
  // Loading held up this thread: that was our silence, not the coordinator's.
  if (std::exchange(just_loaded_, false)) {
    last_heard_ns_ = now_ns;
    last_heartbeat_ns_ = 0;
  }
  if (now_ns - last_heard_ns_ > lease_ns_) {
    Fail("nothing heard from the coordinator for the lease");
  } else if (state_ == State::kRunning && now_ns - lease_from_ns_ > lease_ns_) {
    Fail(kNoAnswer);
  } else {
    Heartbeat(now_ns);
  }
  return NextTickNs();
}

// A lease has expired a moment after its end.
int64_t Session::NextTickNs() const {
  if (state_ == State::kClosed) return kNever;
  const int64_t silence_ns = last_heard_ns_ + lease_ns_ + 1;
  const int64_t expiry_ns = state_ == State::kRunning ? lease_from_ns_ + lease_ns_ + 1 : kNever;
  return std::min({last_heartbeat_ns_ + HeartbeatEveryNs(), silence_ns, expiry_ns});
}

void Session::OnStreamClosed() { Close("the coordinator's stream ended"); }

void Session::Send(v1::WorkerMessage message) {
  if (state_ == State::kClosed) return;
  message.set_epoch(epoch_);
  message.set_sequence(++last_sent_);
  message.set_plan_hash(plan_hash_);
  host_->Send(std::move(message));
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
