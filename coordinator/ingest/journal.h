// The crash-safe, append-only account of a run: all exports can be made from it again. Entries
// gather in memory; Write hands them to the system in one call (from then on they outlive this
// process), and a thread of its own syncs the file every sync_interval_ns (from then on they
// outlive the machine).
//
// A failing disk never stops a run: after a failed write nothing more is written and entries are
// counted as lost, after a failed sync writing goes on; the first failure stays in status(), to be
// reported. Threads: any, but for Create, Close and the destructor: the owner's.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/clock/clock.h"
#include "coordinator/ingest/journal_file.h"
#include "coordinator/ingest/journal_format.h"
#include "drumfire/v1/journal.pb.h"

namespace drumfire {

constexpr int64_t kJournalSyncIntervalNs = kNsPerSecond;

struct JournalCounters {
  uint64_t entries = 0;  // handed to the system
  uint64_t entries_lost =
      0;               // not written: the file had failed, or the entry passed a frame's bound
  uint64_t bytes = 0;  // handed to the system, header included
};

class Journal {
 public:
  // Writes and syncs the header, so that a run folder that cannot be written is known before the
  // start. INVALID_ARGUMENT for a bad header, else the file's error.
  static absl::StatusOr<std::unique_ptr<Journal>> Create(
      std::unique_ptr<JournalFile> file, const JournalHeader& header,
      int64_t sync_interval_ns = kJournalSyncIntervalNs);
  // Writes and syncs, without the end marker when Close was not called.
  ~Journal();

  // A batch as it came: one whole frame that was checked. Gathered until Write.
  void AppendBatch(absl::string_view frame);
  // These are few, and written at once.
  void Append(const v1::WorkerFacts& facts);
  void Append(const v1::PhaseStart& start);
  void Append(const v1::WorkerPhaseDone& done);
  void Append(const v1::WorkerHistograms& histograms);
  // Hands what has gathered to the system.
  void Write();
  // Appends the end marker, writes, syncs. Returns status(). Nothing may be appended later.
  absl::Status Close(const v1::RunEnd& end);

  // OK, or the first failure of a write or a sync.
  absl::Status status() const;
  JournalCounters counters() const;

 private:
  explicit Journal(std::unique_ptr<JournalFile> file) : file_(std::move(file)) {}
  void AppendMessage(JournalEntryType type, const google::protobuf::MessageLite& message);
  absl::Status WriteAll(absl::string_view bytes);
  void Sync();
  void SyncRegularly(int64_t sync_interval_ns);
  void StopSyncing();
  void KeepFailure(const absl::Status& status);

  const std::unique_ptr<JournalFile> file_;

  std::mutex write_mutex_;   // held while the file is appended to; taken before mutex_
  std::string writing_;      // guarded by write_mutex_
  bool has_failed_ = false;  // a write failed; guarded by write_mutex_

  mutable std::mutex mutex_;
  std::condition_variable stopped_;
  std::string gathered_;  // guarded by mutex_, as is all below
  uint64_t gathered_entries_ = 0;
  bool stopping_ = false;
  absl::Status status_;
  JournalCounters counters_;

  std::thread sync_thread_;
};

}  // namespace drumfire
