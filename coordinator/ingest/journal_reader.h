// Reads a journal back, entry by entry, as far as it is whole: a run that was killed leaves a torn last entry. Memory does not
// grow with the file. Any bytes may be in it: what is damaged ends the reading, and is said, never a crash. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "coordinator/ingest/journal_format.h"
#include "drumfire/v1/journal.pb.h"
#include "drumfire/v1/record.pb.h"

namespace drumfire {

// Told what a journal holds, in the order it was written. A message lives until the return.
class JournalVisitor {
 public:
  virtual ~JournalVisitor() = default;
  // Batches are whole and of this run, but may repeat: (worker, epoch, sequence) names one once and for all.
  virtual void OnBatch(const v1::RecordBatch& batch) = 0;
  virtual void OnWorkerFacts(const v1::WorkerFacts& facts) = 0;
  virtual void OnPhaseStart(const v1::PhaseStart& start) = 0;
  virtual void OnPhaseDone(const v1::WorkerPhaseDone& done) = 0;
  virtual void OnHistograms(const v1::WorkerHistograms& histograms) = 0;
  virtual void OnRunEnd(const v1::RunEnd& end) = 0;
};

struct JournalReadResult {
  uint64_t entries = 0;
  // Bytes after the last whole entry; 0 = none.
  uint64_t torn_bytes = 0;
  // What was wrong with them, in words; empty = nothing.
  std::string torn_reason;
  bool has_end = false;  // the run ended under control
};

class JournalReader {
 public:
  // NOT_FOUND when there is no such file; DATA_LOSS when it has no whole header or one of another version.
  static absl::StatusOr<std::unique_ptr<JournalReader>> Open(const std::string& path);
  ~JournalReader();

  const JournalHeader& header() const { return header_; }
  // Reads from the first entry to the last whole one. An error only when the file cannot be read. May be called again.
  absl::StatusOr<JournalReadResult> Read(JournalVisitor* visitor);

 private:
  JournalHeader header_;
};

}  // namespace drumfire
