// Gathers a run's facts and records into a result: the one way there is, fed live while the run
// goes and from the journal by `drumfire report`, so that both give the same.
#pragma once

#include <string>

#include "common/sync/mutex.h"
#include "coordinator/ingest/journal_visitor.h"
#include "coordinator/results/result_builder.h"
#include "coordinator/ui/progress.h"
#include "drumfire/v1/journal.pb.h"

namespace drumfire {

enum class RecordSource {
  kGate,     // RecordGate let them in
  kJournal,  // may be forged, with checksums that fit: those that cannot be true are left out
};

// Any thread, one call at a time (it locks).
class RunAssembler : public JournalVisitor {
 public:
  explicit RunAssembler(const v1::RunManifest& manifest,
                        RecordSource source = RecordSource::kJournal);

  void OnBatch(const v1::RecordBatch& batch) override;
  void OnWorkerFacts(const v1::WorkerFacts& facts) override;
  void OnPhaseStart(const v1::PhaseStart& start) override;
  void OnPhaseDone(const v1::WorkerPhaseDone& done) override;
  void OnHistograms(const v1::WorkerHistograms& histograms) override;
  void OnRunEnd(const v1::RunEnd& end) override;

  // The figures so far of the phase into a progress line: latencies, output tokens a second.
  void AddFiguresSoFar(uint32_t phase, ProgressSnapshot* snapshot) const;

  // Once, at the end. A run whose end never came (the coordinator was killed) is marked partial.
  RunResult Finish();

 private:
  PhaseFacts* PhaseOf(uint32_t phase) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::string AddressOf(uint32_t worker) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void NoteLateStart(const v1::WorkerPhaseDone& done) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const RecordSource source_;
  mutable Mutex mutex_;
  RunFacts facts_ ABSL_GUARDED_BY(mutex_);
  ResultBuilder builder_ ABSL_GUARDED_BY(mutex_);
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  uint64_t impossible_records_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace drumfire
