// Sends record batches to the coordinator over a ZeroMQ PUSH socket and keeps each until it is acked. Never waits: what does
// not fit its bound is dropped and counted. Owns the socket and the one thread that uses it.
// Threads: Create, the destructor, Ack, ResendUnacked and counters on any thread; AddBatch on one (the recorder's).
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <zmq.hpp>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/clock/clock.h"
#include "drumfire/v1/record.pb.h"
#include "worker/sink/event_fd.h"
#include "worker/sink/unacked_batches.h"

namespace drumfire {

struct RecordSinkOptions {
  // "tcp://host:*", "tcp://host:port" or "ipc:///path" to bind.
  std::string bind_endpoint;
  // Hello's: they stand in every batch.
  std::string run_id;
  uint32_t worker = 0;
  uint64_t epoch = 0;
  // Hello.record_buffer_bytes: frames not acked, at most.
  uint64_t buffer_bytes = 64 << 20;
  // A batch not acked so long after its send is sent again.
  int64_t resend_after_ns = 2 * kNsPerSecond;
};

struct RecordSinkCounters {
  uint64_t last_sequence = 0;    // of the last batch kept; 0 = none yet
  uint64_t records_dropped = 0;  // the buffer was full, or one record alone passed a frame's bound
  uint64_t resends = 0;          // batches sent again
  uint64_t held_bytes = 0;       // not acked
};

class RecordSink {
 public:
  // Binds and starts the thread. clock must outlive the sink. An endpoint that cannot be bound is INVALID_ARGUMENT.
  static absl::StatusOr<std::unique_ptr<RecordSink>> Create(const RecordSinkOptions& options,
                                                            const Clock& clock);
  // Stops at once; what is not acked is gone.
  ~RecordSink();

  // What the coordinator connects to, as ZeroMQ names it: a port for "*"; a wildcard host stays one (0.0.0.0, [::]) and is
  // the caller's to replace by a name the coordinator can reach.
  const std::string& endpoint() const { return endpoint_; }

  // Numbers the batch and keeps it until it is acked. The batch's records are the caller's; the other fields are set here.
  void AddBatch(v1::RecordBatch* batch);
  // RecordAck of this epoch. INVALID_ARGUMENT for a number never sent.
  absl::Status Ack(uint64_t sequence);
  // The coordinator came back: send all that is not acked again, now.
  void ResendUnacked();

  RecordSinkCounters counters() const;

 private:
  RecordSink(const RecordSinkOptions& options, const Clock& clock, EventFd wake);
  absl::Status Bind();
  void Run();
  bool SendDue();
  void Wait(bool blocked);

  const RecordSinkOptions options_;
  const Clock& clock_;
  std::string endpoint_;
  std::atomic<bool> stopping_ = false;
  EventFd wake_;

  // The thread's alone once it runs.
  zmq::context_t context_;
  zmq::socket_t socket_;

  mutable std::mutex mutex_;
  UnackedBatches unacked_;        // guarded by mutex_
  uint64_t records_dropped_ = 0;  // guarded by mutex_

  std::thread thread_;
};

}  // namespace drumfire
