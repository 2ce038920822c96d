// The crash-safe, append-only account of a run: all exports can be made from it again. Entries
// gather in memory; Write hands them to the system in one call (from then on they outlive this
// process), and a loop of its own syncs the file every sync_interval_ns (from then on they outlive
// the machine).
//
// A failing disk never stops a run: after a failed write nothing more is written and entries are
// counted as lost, after a failed sync writing goes on; the first failure stays in status(), to be
// reported. Threads: any, but for Create, Close and the destructor: the owner's.
//
//   auto journal = Journal::Create(*CreateJournalFile(path), {plan_hash, run_id}, &runners);
//   (*journal)->Append(phase_start);       // any message of journal_visitor.h
//   (*journal)->AppendBatch(frame);
//   (*journal)->Write();
//   (*journal)->Close(run_end);
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/clock/clock.h"
#include "common/loop/loop.h"
#include "common/sync/mutex.h"
#include "coordinator/ingest/journal_file.h"
#include "coordinator/ingest/journal_format.h"
#include "coordinator/ingest/journal_visitor.h"
#include "drumfire/v1/journal.pb.h"

namespace drumfire {

constexpr int64_t kJournalSyncIntervalNs = kNsPerSecond;

struct JournalCounters {
  uint64_t entries = 0;  // handed to the system
  // Not written: the file had failed, or the entry passed a frame's bound.
  uint64_t entries_lost = 0;
  uint64_t bytes = 0;  // handed to the system, header included
};

class Journal {
 public:
  // Writes and syncs the header, so that a run folder that cannot be written is known before the
  // start. INVALID_ARGUMENT for a bad header, else the file's error. runners: run the syncing loop;
  // not owned, null = the file is synced at the end only.
  static absl::StatusOr<std::unique_ptr<Journal>> Create(
      std::unique_ptr<JournalFile> file, const JournalHeader& header, LoopRunners* runners,
      int64_t sync_interval_ns = kJournalSyncIntervalNs);
  // Writes and syncs, without the end marker when Close was not called.
  ~Journal();

  // A batch as it came: one whole frame that was checked. Gathered until Write.
  void AppendBatch(absl::string_view frame);
  // Any entry but a batch and the run's end. These are few, and written at once.
  template <typename Message>
  void Append(const Message& message) {
    AppendMessage(JournalEntry<Message>::kType, message);
  }
  // Gives the system all entries that have gathered.
  void Write();
  // Appends the end marker, writes, syncs. Returns status(). Nothing may be appended later.
  absl::Status Close(const v1::RunEnd& end);

  // OK, or the first failure of a write or a sync.
  absl::Status status() const;
  JournalCounters counters() const;

 private:
  // Writes and syncs the journal regularly.
  class Syncer : public Loop {
   public:
    Syncer(Journal* journal, int64_t interval_ns) : journal_(journal), interval_ns_(interval_ns) {}
    int64_t Step(int64_t now_ns) override;

   private:
    Journal* const journal_;
    const int64_t interval_ns_;
    int64_t next_ns_ = 0;  // 0 = before the first step
  };

  Journal(std::unique_ptr<JournalFile> file, int64_t sync_interval_ns)
      : file_(std::move(file)), syncer_(this, sync_interval_ns) {}
  absl::Status Begin(absl::string_view header);
  void AppendMessage(JournalEntryType type, const google::protobuf::MessageLite& message);
  absl::Status WriteAll(absl::string_view bytes);
  void Sync();
  void KeepFailure(const absl::Status& status);

  const std::unique_ptr<JournalFile> file_;
  bool is_open_ = false;  // the owner's

  Mutex write_mutex_;  // held while the file is appended to; taken before mutex_
  std::string writing_ ABSL_GUARDED_BY(write_mutex_);
  bool has_failed_ ABSL_GUARDED_BY(write_mutex_) = false;  // a write failed

  mutable Mutex mutex_;
  std::string gathered_ ABSL_GUARDED_BY(mutex_);
  uint64_t gathered_entries_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
  JournalCounters counters_ ABSL_GUARDED_BY(mutex_);

  Syncer syncer_;
  std::unique_ptr<LoopRunner> sync_runner_;  // last: its thread uses the rest
};

}  // namespace drumfire
