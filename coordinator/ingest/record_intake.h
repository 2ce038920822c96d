// Takes the record batches of all workers: reads the frames that wait, checks and deduplicates them
// (BatchIntake), and appends them to the journal. Once the journal has written them it publishes
// how far it is, and has them acknowledged. It never waits for the disk: while the journal has no
// room it takes no frames, which stay at the workers. A loop without a thread. Nothing is owned.
//
//   RecordIntake intake(run_id, &transport, &consumer, &journal);
//   LoopThread thread(&intake, SystemClock(), transport.waiter());
//   journal.SetSettledHandler([&] { thread.Wake(); });
//   thread.Post([&] { intake.AddWorker({.worker = 0, .epoch = 1, ...}); });
//   ... intake.IsLinked(0) ... intake.HasAll(0, last_sequence) ...   // any thread
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/loop/loop.h"
#include "common/sync/mutex.h"
#include "coordinator/ingest/batch_intake.h"
#include "coordinator/ingest/journal.h"
#include "coordinator/ingest/record_consumer.h"
#include "coordinator/ingest/record_transport.h"

namespace drumfire {

// A worker whose records are to be taken.
struct RecordLinkSpec {
  uint32_t worker = 0;
  uint64_t epoch = 0;
  std::string endpoint;
  std::string server_key;  // CURVE public key
};

class RecordIntake : public Loop {
 public:
  // run_id: 16 bytes. consumer is called by Step only. journal, gate: null = none.
  RecordIntake(absl::string_view run_id, RecordTransport* transport, RecordConsumer* consumer,
               Journal* journal, RecordGate* gate = nullptr);

  // --- The loop's thread ---

  // Links to the worker instead of its earlier link, and instead of another worker's to the same
  // endpoint; from now on batches of its other epochs are foreign. IsLinked tells of a failure.
  void AddWorker(const RecordLinkSpec& spec);
  // The worker is lost: what still comes of it is foreign. The consumer has all that counts.
  void RemoveWorker(uint32_t worker);
  // Takes up to kFramesPerStep frames, and acks those that the journal has. Wants to be called
  // again at once while frames wait that it may take.
  int64_t Step(int64_t now_ns) override;

  // --- Any thread ---

  // True once the link to the worker was up; false when it was not yet, or nobody added the worker.
  // INVALID_ARGUMENT: its endpoint or key is none; FAILED_PRECONDITION: it refused.
  absl::StatusOr<bool> IsLinked(uint32_t worker) const;
  // Why the worker's link is not up, in words.
  std::string LinkFault(uint32_t worker) const;
  // RemoveWorker was done, and AddWorker not since.
  bool IsRemoved(uint32_t worker) const;
  // What went to the consumer and is in the journal's file; zeros for an unknown worker.
  WorkerProgress Progress(uint32_t worker) const;
  // Batches 1..sequence of the worker's present epoch went to the consumer and the journal's file.
  bool HasAll(uint32_t worker, uint64_t sequence) const;
  IngestCounters counters() const;
  // Workers whose records were refused, with the reason.
  std::map<uint32_t, std::string> refusals() const;

  // Between two looks at the journal: bounds how long acks wait.
  static constexpr int kFramesPerStep = 64;

 private:
  struct Link {
    std::string endpoint;
    std::string server_key;
    bool operator==(const Link&) const = default;
  };
  struct LinkStatus {
    std::string endpoint;
    LinkState state;
    absl::Status error;  // it could not even be begun
  };

  // What may be acked when the journal is that far.
  struct StepTaken {
    uint64_t journal_entries = 0;
    std::vector<AckDue> acks;
  };

  absl::Status Connect(const RecordLinkSpec& spec);
  void LeaveEndpoint(const std::string& endpoint, uint32_t to);
  absl::Status Relink(uint32_t worker, const Link& to);
  bool HasRoom() const { return journal_ == nullptr || journal_->HasRoom(); }
  bool TakeFrames();
  void HoldFramesWithoutRoom();
  void QueueAcks();
  void AckSettled();
  void Ack(const std::vector<AckDue>& acks);
  void PublishCounters();
  void PublishLinks();
  static std::string FaultText(uint32_t worker, const LinkStatus& status);

  RecordTransport* const transport_;
  Journal* const journal_;

  // The loop's thread alone.
  BatchIntake intake_;
  std::map<uint32_t, Link> links_;  // connected, by worker
  std::deque<StepTaken> unsettled_;
  bool holds_frames_ = false;

  mutable Mutex mutex_;
  std::map<uint32_t, WorkerProgress> progress_ ABSL_GUARDED_BY(mutex_);
  std::map<uint32_t, LinkStatus> link_status_ ABSL_GUARDED_BY(mutex_);
  std::set<uint32_t> removed_ ABSL_GUARDED_BY(mutex_);
  IngestCounters counters_ ABSL_GUARDED_BY(mutex_);
  std::map<uint32_t, std::string> refusals_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace drumfire
