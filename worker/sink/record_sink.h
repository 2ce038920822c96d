// Sends record batches to the coordinator over a ZeroMQ PUSH socket and keeps each until it is
// acked. Never waits: what does not fit its bound is refused, for the caller to count. Owns the
// socket and the one thread that uses it. Threads: AddBatch on one thread (the recorder's); all
// else on any.
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
#include "common/record/link_keys.h"
#include "common/record/wake_event.h"
#include "drumfire/v1/record.pb.h"
#include "worker/sink/link_gate.h"
#include "worker/sink/unacked_batches.h"

namespace drumfire {

struct RecordSinkOptions {
  // To bind: "tcp://host:*", "tcp://host:port" (host is an address of this machine, 0.0.0.0 or [::]
  // for all) or "ipc:///path".
  std::string bind_endpoint;
  // Hello's; they stand in every batch.
  std::string run_id;
  uint32_t worker = 0;
  uint64_t epoch = 0;
  // CURVE public key of the run's coordinator, 32 bytes: nobody else gets records.
  std::string client_key;
  // Hello.record_buffer_bytes: what is not acked takes no more.
  uint64_t buffer_bytes = 64 << 20;
  // A batch not acked so long after its send is sent again.
  int64_t resend_after_ns = 2 * kNsPerSecond;
};

struct RecordSinkCounters {
  uint64_t last_sequence = 0;  // of the last batch kept; 0 = none yet
  uint64_t resends = 0;        // batches sent again
  uint64_t held_bytes = 0;     // not acked
};

class RecordSink {
 public:
  // Binds and starts the thread. clock must outlive the sink. An endpoint that cannot be bound, or
  // no key of the coordinator, is INVALID_ARGUMENT.
  static absl::StatusOr<std::unique_ptr<RecordSink>> Create(const RecordSinkOptions& options,
                                                            const Clock& clock);
  // Stops at once; what is not acked is gone.
  ~RecordSink();

  // What to connect to, as ZeroMQ names it: with a port for "*". A wildcard host stays one and is
  // the caller's to replace by a name that the coordinator can reach.
  const std::string& endpoint() const { return endpoint_; }
  // What the coordinator must know to connect; made for this sink alone.
  const std::string& server_key() const { return keys_.public_key; }

  // The bound of what is kept.
  size_t buffer_bytes() const { return options_.buffer_bytes; }

  // Numbers the batch and keeps it until it is acked; false when it does not fit. The caller sets
  // the records, the rest is set here.
  bool AddBatch(v1::RecordBatch* batch);
  // RecordAck. INVALID_ARGUMENT for a number never given out.
  absl::Status Ack(uint64_t sequence);
  // The coordinator came back: all that is not acked is sent again now.
  void ResendUnacked();

  RecordSinkCounters counters() const;

 private:
  RecordSink(const RecordSinkOptions& options, LinkKeys keys, const Clock& clock, WakeEvent wake);
  absl::Status Bind();
  void Run();
  bool SendDue();
  bool SendOne(const std::string& frame);
  void Wait(bool until_writable);

  const RecordSinkOptions options_;
  const LinkKeys keys_;
  const Clock& clock_;
  std::string endpoint_;
  WakeEvent wake_;
  std::atomic<bool> stopping_ = false;

  // The thread's alone once it runs.
  zmq::context_t context_;
  LinkGate gate_;
  zmq::socket_t socket_;

  mutable std::mutex mutex_;
  UnackedBatches unacked_;  // guarded by mutex_

  std::thread thread_;
};

}  // namespace drumfire
