// The control streams to all workers, as the fleet uses them: messages out, messages and ends in.
// GrpcLinks is the real one; tests simulate it, with faults. One thread makes all calls.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "drumfire/v1/control.pb.h"

namespace drumfire {

constexpr uint64_t kFirstEpoch = 1;

// News of one worker: a message, or the end of its stream.
struct FleetEvent {
  uint32_t worker = 0;
  uint64_t epoch = kFirstEpoch;  // of the stream it came by
  v1::WorkerMessage message;
  int64_t received_ns = 0;  // monotonic
  bool closed = false;
  std::string close_reason;  // in words
};

class ControlLinks {
 public:
  virtual ~ControlLinks() = default;
  // Begins a stream; messages may be sent at once. Workers are numbered from 0 without gaps. One
  // that was abandoned may be dialled once more, with a higher epoch.
  virtual void Dial(uint32_t worker, uint64_t epoch, const std::string& address) = 0;
  // Never waits; in order.
  virtual void Send(uint32_t worker, v1::CoordinatorMessage message) = 0;
  // The next event of any worker; nothing when none came in time.
  virtual std::optional<FleetEvent> Receive(absl::Duration wait) = 0;
  // No more messages will be sent: the worker ends the stream once it has all.
  virtual void CloseAfterWrites(uint32_t worker) = 0;
  // Ends the stream at once, whatever is under way.
  virtual void Abandon(uint32_t worker) = 0;
};

}  // namespace drumfire
