// The control streams to all workers, as used by the fleet: messages out, messages and stream ends
// in. GrpcLinks is the real implementation; tests simulate it with faults. One thread makes all
// calls but Wake.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "drumfire/v1/control.pb.h"

namespace drumfire {

constexpr uint64_t kFirstEpoch = 1;

// An event of one worker: a message, or the end of its stream.
struct FleetEvent {
  uint32_t worker = 0;
  uint64_t epoch = kFirstEpoch;  // of its stream
  v1::WorkerMessage message;
  int64_t received_ns = 0;  // monotonic
  bool closed = false;
  std::string close_reason;  // for the user
};

class ControlLinks {
 public:
  virtual ~ControlLinks() = default;
  // Starts a stream; messages may be sent at once. Workers are numbered from 0 without gaps. An
  // abandoned worker may be dialled again with a higher epoch.
  virtual void Dial(uint32_t worker, uint64_t epoch, const std::string& address) = 0;
  // Sends in order, without blocking.
  virtual void Send(uint32_t worker, v1::CoordinatorMessage message) = 0;
  // The next event of any worker; nothing if none arrived in time, or after a Wake.
  virtual std::optional<FleetEvent> Receive(absl::Duration wait) = 0;
  // Receive returns at once, one time, if no event waits. Any thread.
  virtual void Wake() = 0;
  // No more messages will be sent; the worker ends the stream once it has received them all.
  virtual void CloseAfterWrites(uint32_t worker) = 0;
  // Ends the stream at once, dropping messages in flight.
  virtual void Abandon(uint32_t worker) = 0;
};

}  // namespace drumfire
