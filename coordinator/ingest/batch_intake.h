// Decides about every message that comes in: is it whole, of this run, from a known worker's
// present epoch, and new? What is goes to the consumer and the journal, exactly once. No ZeroMQ, no
// thread: one thread makes all calls.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/record/batch_decoder.h"
#include "coordinator/ingest/batch_ledger.h"
#include "coordinator/ingest/journal.h"
#include "coordinator/ingest/record_consumer.h"
#include "coordinator/ingest/record_gate.h"

namespace drumfire {

struct IngestCounters {
  uint64_t batches = 0;  // taken, each once
  uint64_t records = 0;  // in them
  uint64_t repeats = 0;  // batches that came again
  uint64_t damaged = 0;  // not a whole frame, not a batch, an impossible number: never acked, so
                         // the worker sends it again
  uint64_t foreign = 0;  // of another run, an unknown worker or another epoch
};

// Of one worker's present epoch.
struct WorkerProgress {
  uint64_t complete_up_to = 0;  // all batches from 1 to this came
  uint64_t missing = 0;         // numbers below the highest that came which did not come
  uint64_t records = 0;         // received, each once
};

// How far a worker's epoch had come when batches of it were taken: to be acked once the journal has
// them.
struct AckDue {
  uint32_t worker = 0;
  uint64_t epoch = 0;
  WorkerProgress progress;
};

class BatchIntake {
 public:
  // consumer, journal and gate (null = none) must outlive the intake.
  BatchIntake(absl::string_view run_id, RecordConsumer* consumer, Journal* journal,
              RecordGate* gate = nullptr);

  // The worker's epoch from now on; its progress starts anew unless that was its epoch already.
  void AddWorker(uint32_t worker, uint64_t epoch);
  // Nothing of the worker counts any more: what still comes is foreign.
  void RemoveWorker(uint32_t worker);
  // One message as it came, of any bytes.
  void Take(absl::string_view message);
  // Of the workers from which batches came, new or again, since the last call.
  std::vector<AckDue> TakeAcksDue();
  // False when the worker was removed, or has another epoch since.
  bool IsCurrent(const AckDue& due) const;
  // Calls OnAck of what is current.
  void Ack(const AckDue& due);
  // For whoever has no journal to wait for.
  void AckTaken();

  // Zeros for an unknown worker.
  WorkerProgress Progress(uint32_t worker) const;
  const IngestCounters& counters() const { return counters_; }
  // Workers whose records the gate refused, with the reason. Nothing they send counts from then on.
  const std::map<uint32_t, std::string>& refusals() const { return refusals_; }

 private:
  struct Worker {
    uint64_t epoch;
    BatchLedger ledger;
    uint64_t records = 0;
    bool is_touched = false;
  };

  Worker* FindSender(const v1::RecordBatch& batch);
  bool IsRefused(const v1::RecordBatch& batch);
  void Touch(uint32_t index, Worker* worker);
  void TakeFrom(Worker* worker, const v1::RecordBatch& batch, absl::string_view message);

  const std::string run_id_;
  RecordConsumer* const consumer_;
  Journal* const journal_;
  RecordGate* const gate_;
  BatchDecoder decoder_;
  std::map<uint32_t, Worker> workers_;
  std::vector<uint32_t> touched_;
  std::map<uint32_t, std::string> refusals_;
  IngestCounters counters_;
};

}  // namespace drumfire
