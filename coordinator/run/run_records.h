// Everything that a run writes down while it goes: takes in the workers' records, writes the
// journal, and builds the result. All entries of the journal go through here, so that a result made
// of the journal is the same. Threads: OnBatch and OnAck on the intake's loop, all else on the
// run's. Owns what it is given.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/loop/loop.h"
#include "common/record/link_keys.h"
#include "common/sync/mutex.h"
#include "coordinator/fleet/fleet.h"
#include "coordinator/ingest/journal.h"
#include "coordinator/ingest/record_intake.h"
#include "coordinator/run/error_watch.h"
#include "coordinator/run/record_keeper.h"
#include "coordinator/run/run_assembler.h"

namespace drumfire {

class RunRecords : public RecordKeeper, private RecordConsumer {
 public:
  struct Parts {
    std::unique_ptr<JournalFile> file;
    std::string plan_hash;
    std::unique_ptr<RecordTransport> transport;
    LoopRunners* runners = nullptr;  // not owned
    const Clock* clock = &SystemClock();
    // Told of each entry too, on the thread that adds it. Not owned; null = nobody.
    JournalVisitor* visitor = nullptr;
  };

  // Begins the journal and the intake.
  static absl::StatusOr<std::unique_ptr<RunRecords>> Create(const v1::RunManifest& manifest,
                                                            Parts parts);
  ~RunRecords() override;

  // --- RecordKeeper ---
  absl::StatusOr<bool> LinkRecords(const Member& member) override;
  std::optional<uint64_t> CloseRecords(uint32_t worker, uint32_t phase) override;
  void OnGrant(uint32_t worker, const v1::Grant& grant) override { gate_.Grant(worker, grant); }
  void OnPhaseStart(uint32_t phase, int64_t start_ns) override {
    gate_.StartPhase(phase, start_ns);
  }
  std::vector<std::pair<uint32_t, std::string>> TakeRefusals() override;
  std::string ErrorLimitReached() override;

  // Why the records of the worker cannot be fetched yet.
  std::string LinkFault(uint32_t worker) const { return intake_->LinkFault(worker); }
  // All batches up to the sequence came.
  bool HasAll(uint32_t worker, uint64_t sequence) const {
    return intake_->HasAll(worker, sequence);
  }
  // The worker's batches up to that sequence were awaited in vain.
  void NoteMissing(uint32_t worker, uint64_t last_sequence);
  // Tells the workers what need not be sent again.
  void SendAcks(Fleet* fleet);
  // Called whenever more batches are complete, on the intake's loop; null = nobody listens. No call
  // runs any more when this returns.
  void SetProgressHandler(std::function<void()> on_progress);
  // As RunAssembler's.
  void AddFiguresSoFar(uint32_t phase, ProgressSnapshot* snapshot) const {
    assembler_.AddFiguresSoFar(phase, snapshot);
  }

  // An entry for journal and result.
  template <typename Entry>
  void Add(const Entry& entry) {
    journal_->Append(entry);
    Show(entry);
  }
  // The last of all: no record comes any more. Adds what went wrong with the journal to the end's
  // notes.
  RunResult Close(v1::RunEnd end);

 private:
  RunRecords(const v1::RunManifest& manifest, Parts parts, std::unique_ptr<Journal> journal);
  void AddWorker(const Member& member);
  void StopIntake();
  template <typename Entry>
  void Show(const Entry& entry) {
    JournalEntry<Entry>::Visit(entry, &assembler_);
    if (visitor_ != nullptr) JournalEntry<Entry>::Visit(entry, visitor_);
  }
  void OnBatch(const v1::RecordBatch& batch) override;
  void OnAck(uint32_t worker, uint64_t epoch, uint64_t sequence) override;
  void NoteLateRecords(v1::RunEnd* end) const;
  void NoteFaults(v1::RunEnd* end) const;
  static void NoteJournal(const absl::Status& journal, v1::RunEnd* end);

  JournalVisitor* const visitor_;
  const v1::Plan plan_;
  RecordGate gate_;
  RunAssembler assembler_;
  const std::unique_ptr<Journal> journal_;
  std::set<uint32_t> added_;    // workers
  std::set<uint32_t> closing_;  // of these
  std::set<uint32_t> refused_;  // of these, told by TakeRefusals
  std::vector<std::string> missing_;

  Mutex mutex_;
  std::function<void()> on_progress_ ABSL_GUARDED_BY(mutex_);
  std::map<uint32_t, uint64_t> acks_ ABSL_GUARDED_BY(mutex_);  // to be sent, by worker
  ErrorWatch errors_ ABSL_GUARDED_BY(mutex_);
  // 1 + the highest session with a record, by phase and worker.
  std::map<std::pair<uint32_t, uint32_t>, uint64_t> recorded_below_ ABSL_GUARDED_BY(mutex_);

  const std::unique_ptr<RecordTransport> transport_;
  std::optional<RecordIntake> intake_;
  std::unique_ptr<LoopRunner> runner_;  // last: its thread calls back into this
};

// The records of a run in a folder, which exists, over ZeroMQ: begins journal and manifest there.
// keys: of this run's record links.
absl::StatusOr<std::unique_ptr<RunRecords>> OpenRunRecords(const std::string& folder,
                                                           const std::string& plan_hash,
                                                           const v1::RunManifest& manifest,
                                                           const LinkKeys& keys,
                                                           LoopRunners* runners);

}  // namespace drumfire
