// The crash-safe, append-only account of a run: all exports can be made from it again. Appending
// never waits for the disk: entries gather in memory, a loop of the journal's own hands them to the
// system (from then on they outlive this process), and another one syncs the file every
// sync_interval_ns (from then on they outlive the machine).
//
// A slow disk makes entries wait. Whoever takes in records asks HasRoom first and acknowledges what
// is settled; the run's own entries have room beyond that, and past it they are counted as lost. A
// failing disk never stops a run: after a failed write nothing more is written and entries are
// counted as lost, after a failed sync writing goes on; the first failure stays in status(), to be
// reported. Threads: any, but for Create, Close and the destructor: the owner's.
//
//   auto journal = Journal::Create(*CreateJournalFile(path), {plan_hash, run_id}, &runners);
//   (*journal)->Append(phase_start);       // any message of journal_visitor.h
//   if ((*journal)->HasRoom()) (*journal)->AppendBatch(frame);
//   const uint64_t last = (*journal)->appended();
//   (*journal)->Write();                   // soon
//   ... (*journal)->settled() >= last ...  // then it may be acknowledged
//   (*journal)->Close(run_end);
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
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
// While so much waits to be written there is no room for records.
constexpr size_t kJournalQueuedBytes = size_t{64} << 20;
constexpr uint64_t kJournalQueuedEntries = 1 << 16;
// Two writes are at least so far apart: many small batches cost few of them. Acks leave far less
// often.
constexpr int64_t kJournalWriteIntervalNs = kNsPerMs;
// The bound of all that waits, the run's own entries included.
constexpr size_t kJournalMostQueuedBytes = size_t{256} << 20;

struct JournalCounters {
  uint64_t entries = 0;  // handed to the system
  // Not written: the file had failed, the entry passed a frame's bound, or too much waited.
  uint64_t entries_lost = 0;
  uint64_t bytes = 0;  // handed to the system, header included
};

class Journal {
 public:
  // Writes and syncs the header, so that a run folder that cannot be written is known before the
  // start. INVALID_ARGUMENT for a bad header, else the file's error. runners: run the loops that
  // write and sync; not owned, null = Write itself writes, and the file is synced at the end only.
  static absl::StatusOr<std::unique_ptr<Journal>> Create(
      std::unique_ptr<JournalFile> file, const JournalHeader& header, LoopRunners* runners,
      int64_t sync_interval_ns = kJournalSyncIntervalNs);
  // Writes and syncs, without the end marker when Close was not called.
  ~Journal();

  // Whether a batch may be appended now; if not, the settled handler tells when to ask again.
  bool HasRoom() const;
  // A batch as it came: one whole frame that was checked. Gathered until Write.
  void AppendBatch(absl::string_view frame);
  // Any entry but a batch and the run's end. These are few, and written soon.
  template <typename Message>
  void Append(const Message& message) {
    AppendMessage(JournalEntry<Message>::kType, message);
  }
  // Has all entries that have gathered given to the system soon.
  void Write();
  // How many entries were appended, and how many of these, in their order, the system has or will
  // never get since the disk failed.
  uint64_t appended() const;
  uint64_t settled() const;
  // Called when more entries are settled, on any thread; null = nobody listens. No call runs any
  // more when this returns.
  void SetSettledHandler(std::function<void()> on_settled);
  // Appends the end marker, writes, syncs. Returns status(). Nothing may be appended later.
  absl::Status Close(const v1::RunEnd& end);

  // OK, or the first failure of a write or a sync.
  absl::Status status() const;
  JournalCounters counters() const;

 private:
  // Writes what has gathered when it is woken.
  class Writer : public Loop {
   public:
    explicit Writer(Journal* journal) : journal_(journal) {}
    int64_t Step(int64_t now_ns) override;

   private:
    Journal* const journal_;
    int64_t next_ns_ = INT64_MIN;
  };
  // Syncs the file regularly, beside the writer: a slow sync holds up no acknowledgement.
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
      : file_(std::move(file)), writer_(this), syncer_(this, sync_interval_ns) {}
  absl::Status Begin(absl::string_view header);
  void AppendMessage(JournalEntryType type, const google::protobuf::MessageLite& message);
  bool Gather(const std::string& entry);
  void WriteGathered();
  void Settle(uint64_t entries, bool are_written) ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex_);
  absl::Status WriteAll(absl::string_view bytes);
  void Sync();
  void EndLoops();
  void KeepFailure(const absl::Status& status);

  const std::unique_ptr<JournalFile> file_;
  bool is_open_ = false;  // the owner's

  Mutex write_mutex_;  // held while the file is appended to; taken before mutex_
  std::string writing_ ABSL_GUARDED_BY(write_mutex_);
  bool has_failed_ ABSL_GUARDED_BY(write_mutex_) = false;  // a write failed

  mutable Mutex mutex_;  // never held during a call of the file
  std::string gathered_ ABSL_GUARDED_BY(mutex_);
  size_t queued_bytes_ ABSL_GUARDED_BY(mutex_) = 0;  // gathered, or being written
  uint64_t appended_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t settled_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
  JournalCounters counters_ ABSL_GUARDED_BY(mutex_);

  std::atomic<bool> is_woken_ = false;  // the writer has a write to do

  Mutex handler_mutex_;
  std::function<void()> on_settled_ ABSL_GUARDED_BY(handler_mutex_);

  Writer writer_;
  Syncer syncer_;
  // Last: their threads use the rest.
  std::unique_ptr<LoopRunner> write_runner_;
  std::unique_ptr<LoopRunner> sync_runner_;
};

}  // namespace drumfire
