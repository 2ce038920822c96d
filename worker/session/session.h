// One run as a worker sees it: the state machine from Hello to Finish. It checks what comes
// (owner's epoch, order, repeats, plan hash, lease, phase, range) and turns it into calls on its
// SessionHost. A message that no honest coordinator sends ends the run with its cause. No clock,
// thread or transport inside: time comes with the calls, messages leave through the host.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/clock/clock.h"
#include "drumfire/v1/control.pb.h"
#include "worker/session/phase_border.h"

namespace drumfire {

// All that a session sets in motion. WorkerRun is the real one. Called from inside the session's
// functions, on its thread.
class SessionHost {
 public:
  virtual ~SessionHost() = default;
  // Hands a message to the stream. The session has filled the envelope.
  virtual void Send(v1::WorkerMessage message) = 0;
  // Takes the run on: checks the plan, binds the record socket. The answer lists the chunks it
  // lacks.
  virtual absl::StatusOr<v1::Ready> Open(const v1::Hello& hello, uint64_t epoch) = 0;
  // A chunk it asked for. True when that was the last one missing.
  virtual absl::StatusOr<bool> AddChunk(const v1::Chunk& chunk) = 0;
  // All bytes are here: make data set and tokenizer.
  virtual absl::Status Load() = 0;
  // Open connections, make the first grant's requests ready; ends in Session::OnPrepared.
  virtual void Prepare(const v1::Prepare& prepare) = 0;
  // An error when it cannot hold them; none of them is taken then, and the run ends.
  virtual absl::Status AddCredits(const v1::Grant& grant) = 0;
  virtual void StartPhase(const v1::Start& start) = 0;
  virtual void SetSlots(const v1::SlotChange& change) = 0;
  virtual void Drain(int64_t grace_ns) = 0;
  virtual void Cancel() = 0;
  // An error when no batch has that number.
  virtual absl::Status AckRecords(uint64_t sequence) = 0;
  // Requests may be sent until then (monotonic ns), and not a moment longer.
  virtual void ExtendLease(int64_t until_ns) = 0;
  // The run is over, well or not: stop sending, free everything. why is empty after Finish.
  virtual void Close(const std::string& why) = 0;
  // By time: whatever else is due. Returns when to be called next at the latest (monotonic ns).
  virtual int64_t OnTick(int64_t /*now_ns*/) { return kNever; }
};

class Session {
 public:
  explicit Session(SessionHost* host) : host_(host) {}

  void OnMessage(const v1::CoordinatorMessage& message, int64_t now_ns);
  // The stream ended without Finish, or broke.
  void OnStreamClosed();
  // By time: heartbeats; ends the run when the lease has expired. Returns when to be called next at
  // the latest (monotonic ns).
  int64_t OnTick(int64_t now_ns);

  // The host's answers.
  void OnPrepared(v1::Prepared prepared);
  // A closed loop's credits are below their low watermark.
  void OnLowCredits(uint64_t unsent, uint32_t free_slots);
  // Anything else for the coordinator: progress, histograms, the closing totals.
  void Send(v1::WorkerMessage message);
  void OnPhaseDone(v1::PhaseDone done);
  // The lease expired and the phase with it, though an answer may have come since: the run is over.
  void OnLeaseExpired();
  // The coordinator took none of the messages that wait for it for so long.
  void OnUntakenFor(int64_t ns);

  bool closed() const { return state_ == State::kClosed; }
  uint32_t phase() const { return phase_; }

 private:
  static constexpr int64_t kHeartbeatsPerLease = 5;
  // In each state but that of a running phase: loading and the wait for other workers end sooner.
  static constexpr int64_t kLongestIdleNs = 24 * 3600 * kNsPerSecond;

  enum class State { kNew, kLoading, kIdle, kPreparing, kPrepared, kRunning, kClosed };

  bool Accept(const v1::CoordinatorMessage& message);
  void Dispatch(const v1::CoordinatorMessage& message, int64_t now_ns);
  void OnHello(const v1::CoordinatorMessage& message, int64_t now_ns);
  void OnChunk(const v1::Chunk& chunk);
  void Load();
  void OnPrepare(const v1::Prepare& prepare);
  absl::Status CheckPrepare(const v1::Prepare& prepare) const;
  void OnGrant(const v1::Grant& grant);
  void OnStart(const v1::Start& start, int64_t now_ns);
  void OnSlotChange(const v1::SlotChange& change);
  void OnDrain(const v1::Drain& drain);
  void OnCancel(const v1::Cancel& cancel);
  void OnRecordAck(const v1::RecordAck& ack);
  void OnHeartbeat(const v1::Heartbeat& answer, int64_t now_ns);
  void RenewLease(int64_t from_ns);
  void Heartbeat(int64_t now_ns);
  bool HasIdledTooLong(int64_t now_ns);
  int64_t ExpiryNs() const;
  int64_t NextTickNs() const;
  int64_t HeartbeatEveryNs() const { return lease_ns_ / kHeartbeatsPerLease; }
  bool IsForPhase(absl::string_view what, uint32_t phase);
  bool has_phase() const { return state_ >= State::kPreparing && state_ <= State::kRunning; }
  const PhaseBounds& bounds() const { return phases_[phase_]; }
  bool FailUnlessOk(absl::string_view what, const absl::Status& status);
  void Fail(const std::string& reason);
  void Refuse(const std::string& reason);
  void Close(const std::string& why);

  SessionHost* const host_;
  State state_ = State::kNew;
  uint64_t epoch_ = 0;
  std::string plan_hash_;
  uint64_t last_received_ = 0;
  uint64_t last_sent_ = 0;
  int64_t lease_ns_ = 0;
  // The lease counts from the sending of what the coordinator is known to have heard last: an
  // answer that was long under way gives no time, and the coordinator knows when the lease is over.
  int64_t lease_from_ns_ = -1;
  int64_t loaded_ns_ = -1;
  int64_t last_heartbeat_ns_ = 0;
  int64_t last_heard_ns_ = 0;
  int64_t newest_heartbeat_ns_ = -1;  // that left
  bool just_loaded_ = false;
  State ticked_state_ = State::kNew;  // at the last tick
  int64_t in_state_since_ns_ = 0;
  std::vector<PhaseBounds> phases_;
  uint32_t next_phase_ = 0;  // the lowest that may be prepared
  uint32_t phase_ = 0;
  uint64_t granted_ = 0;  // sessions of the phase
};

}  // namespace drumfire
