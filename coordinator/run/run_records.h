// What a run writes down while it goes: journal, record source and the result in the making.
// Everything that stands in the journal goes through here, so that a result made of the journal is
// the same. Threads: OnBatch and OnAck on the source's, all else on the run's.
#pragma once

#include <cstdint>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "coordinator/fleet/fleet.h"
#include "coordinator/ingest/journal.h"
#include "coordinator/ingest/record_source.h"
#include "coordinator/run/error_watch.h"
#include "coordinator/run/run_assembler.h"

namespace drumfire {

class RunRecords : private RecordConsumer {
 public:
  // Begins journal and manifest in the folder, which exists. keys: of this run's record links.
  static absl::StatusOr<std::unique_ptr<RunRecords>> Create(const std::string& folder,
                                                            const std::string& plan_hash,
                                                            const v1::RunManifest& manifest,
                                                            const LinkKeys& keys);
  ~RunRecords() override;

  // Begins to take the records of all workers. The first that cannot be is named.
  absl::Status AddWorkers(const Fleet& fleet);
  // Of one that came later, unless it is done.
  absl::Status AddWorker(const Member& member);
  // As RecordSource's.
  absl::StatusOr<bool> IsLinked(uint32_t worker) const { return source_->IsLinked(worker); }
  absl::Status WaitForLinks(int64_t timeout_ns) const { return source_->WaitForLinks(timeout_ns); }
  // No record of the worker counts from now on. Returns 1 + the highest k of the phase that came
  // from it, 0 = none came.
  uint64_t CloseWorker(uint32_t worker, uint32_t phase);
  // True once all batches up to the sequence came; false after the time-out.
  bool WaitFor(uint32_t worker, uint64_t sequence, int64_t timeout_ns) const;
  // The limit of Plan.error_limits that was passed, in words; empty = none.
  std::string ErrorLimitReached();
  // Tells the workers what need not be sent again.
  void SendAcks(Fleet* fleet);

  // As RunAssembler's.
  void AddFiguresSoFar(uint32_t phase, ProgressSnapshot* snapshot) const {
    assembler_.AddFiguresSoFar(phase, snapshot);
  }

  // A message for journal and result.
  void Add(const v1::PhaseStart& start);
  void Add(const v1::WorkerPhaseDone& done);
  void Add(const v1::WorkerHistograms& histograms);
  // The last of all: no record comes any more. Adds what went wrong with the journal to the end's
  // notes.
  RunResult Close(v1::RunEnd end);

 private:
  explicit RunRecords(const v1::RunManifest& manifest)
      : assembler_(manifest), errors_(manifest.plan()) {}
  absl::Status Begin(std::unique_ptr<JournalFile> file, const std::string& plan_hash,
                     const v1::RunManifest& manifest, const LinkKeys& keys);
  std::future<absl::Status> BeginAddWorker(const Member& member);
  void OnBatch(const v1::RecordBatch& batch) override;
  void OnAck(uint32_t worker, uint64_t epoch, uint64_t sequence) override;
  void NoteLateRecords(v1::RunEnd* end) const;
  static void NoteJournal(const absl::Status& journal, v1::RunEnd* end);

  RunAssembler assembler_;
  std::unique_ptr<Journal> journal_;
  std::set<uint32_t> added_;  // workers

  std::mutex mutex_;
  std::map<uint32_t, uint64_t> acks_;  // to be sent, by worker; guarded by mutex_
  ErrorWatch errors_;                  // guarded by mutex_
  // 1 + the highest k that came, by phase and worker; guarded by mutex_.
  std::map<std::pair<uint32_t, uint32_t>, uint64_t> recorded_below_;

  std::unique_ptr<RecordSource> source_;  // last: its thread calls back into this
};

}  // namespace drumfire
