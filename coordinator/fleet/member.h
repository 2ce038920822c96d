// The coordinator's view of one worker: its lease, its description of itself, and its clock
// estimate. A state machine without transport.
#pragma once

#include <cstdint>
#include <string>

#include "coordinator/fleet/clock_estimate.h"
#include "drumfire/v1/control.pb.h"

namespace drumfire {

class Member {
 public:
  Member(uint32_t worker, std::string address, uint64_t epoch, std::string plan_hash)
      : worker_(worker),
        address_(std::move(address)),
        epoch_(epoch),
        plan_hash_(std::move(plan_hash)) {}

  enum class Verdict {
    kTake,
    kIgnore,  // another epoch or plan, a repeat
    kGap,     // a message before this one is missing; the stream cannot be trusted any more
  };

  // Adds the envelope to a message for this worker. Clock probes are not numbered: the worker's
  // stream answers them, and its session never sees them.
  v1::CoordinatorMessage Wrap(v1::CoordinatorMessage message);
  // Refused messages (without envelope) are accepted.
  Verdict Accept(const v1::WorkerMessage& message, int64_t received_ns);
  // A heartbeat received at received_ns was answered, so the worker's lease starts before that.
  void OnHeartbeat(int64_t received_ns) { renewed_ns_ = received_ns; }
  uint32_t worker() const { return worker_; }
  const std::string& address() const { return address_; }
  uint64_t epoch() const { return epoch_; }
  int64_t last_heard_ns() const { return last_heard_ns_; }
  // When the last answered heartbeat arrived; 0 = none. One lease later the worker no longer sends,
  // whether or not it is connected.
  int64_t renewed_ns() const { return renewed_ns_; }
  const ClockEstimate& clock() const { return clock_; }
  ClockEstimate* mutable_clock() { return &clock_; }

  // Set by the code that runs the handshake.
  v1::Ready ready;
  bool loaded = false;
  // It replaces a lost worker and is not ready yet.
  bool joining = false;
  // The stream ended or the lease expired; the reason, for the user.
  bool lost = false;
  std::string lost_reason;
  // Lost, and redialled since.
  bool awaited = false;
  // How often this address has returned before.
  uint32_t returns = 0;

  bool present() const { return !lost && !joining; }

 private:
  const uint32_t worker_;
  const std::string address_;
  const uint64_t epoch_;
  const std::string plan_hash_;
  uint64_t last_sent_ = 0;
  uint64_t last_received_ = 0;
  int64_t last_heard_ns_ = 0;
  int64_t renewed_ns_ = 0;
  ClockEstimate clock_;
};

}  // namespace drumfire
