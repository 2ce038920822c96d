// Receives record batches from the workers over one ZeroMQ PULL socket: checks frame, run, worker and epoch, drops repeats,
// writes to the journal, hands the records on, and then acks. Owns its thread.
// Threads: AddWorker, WaitFor, Complete and counters on any thread; the consumer is called on the source's thread only.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/clock/clock.h"
#include "coordinator/ingest/journal.h"
#include "drumfire/v1/record.pb.h"

namespace drumfire {

// Told on the source's thread.
class RecordConsumer {
 public:
  virtual ~RecordConsumer() = default;
  // Each record once. The batch lives until the return.
  virtual void OnBatch(const v1::RecordBatch& batch) = 0;
  // The journal took all batches of the worker's epoch up to sequence: to be sent as RecordAck. Also after a repeat.
  virtual void OnAck(uint32_t worker, uint64_t epoch, uint64_t sequence) = 0;
};

struct RecordSourceCounters {
  uint64_t batches = 0;  // taken, each once
  uint64_t records = 0;  // in them
  uint64_t repeats = 0;  // batches that came again
  uint64_t damaged = 0;  // frames that do not parse; the worker sends them again
  uint64_t foreign = 0;  // another run, an unknown worker or another epoch
};

// Of one worker's present epoch.
struct WorkerProgress {
  uint64_t complete_up_to = 0;  // all batches from 1 to this are in
  uint64_t missing = 0;         // numbers below the highest that came that did not come
  uint64_t records = 0;         // received, each once
};

class RecordSource {
 public:
  // consumer and journal (null = none) must outlive the source. run_id: 16 bytes.
  static absl::StatusOr<std::unique_ptr<RecordSource>> Create(absl::string_view run_id,
                                                              RecordConsumer* consumer,
                                                              Journal* journal);
  // Stops at once; what is still in the socket is gone (it was never acked).
  virtual ~RecordSource() = default;

  // Connects to a worker's records_endpoint; batches of its other epochs are foreign from now on. Connecting goes on by
  // itself when the link breaks.
  virtual absl::Status AddWorker(uint32_t worker, uint64_t epoch, absl::string_view endpoint) = 0;

  virtual WorkerProgress Progress(uint32_t worker) const = 0;
  // True once all batches 1..sequence of the worker's epoch went to the consumer; false after the time-out.
  virtual bool WaitFor(uint32_t worker, uint64_t sequence, absl::Duration timeout) = 0;

  virtual RecordSourceCounters counters() const = 0;
};

}  // namespace drumfire
