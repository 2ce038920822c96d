// The crash-safe, append-only account of a run: all exports can be made from it again. Entries gather in memory; Write hands
// them to the system in one call (from then on they outlive this process), and a thread of its own syncs the file every
// sync_interval (from then on they outlive the machine).
//
// A failing disk never stops a run: after a failed write nothing more is written (entries are counted as lost), after a
// failed sync writing goes on; the first failure stays in status() to be reported.
// Threads: any.
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
#include "absl/time/time.h"
#include "coordinator/ingest/journal_file.h"
#include "coordinator/ingest/journal_format.h"
#include "drumfire/v1/journal.pb.h"

namespace drumfire {

struct JournalCounters {
  uint64_t entries = 0;        // handed to the system
  uint64_t entries_lost = 0;   // not written since the file failed
  uint64_t bytes = 0;          // handed to the system
  uint64_t syncs = 0;
};

class Journal {
 public:
  // Writes and syncs the header. INVALID_ARGUMENT for a bad header, else the file's error: a run folder that cannot be
  // written is known before the start.
  static absl::StatusOr<std::unique_ptr<Journal>> Create(std::unique_ptr<JournalFile> file,
                                                         const JournalHeader& header,
                                                         absl::Duration sync_interval);
  // Closes when Close was not called.
  ~Journal();

  // A batch as it came: one whole frame that was checked.
  void AppendBatch(absl::string_view frame);
  // The others are written at once, as they are few.
  void Append(const v1::WorkerFacts& facts);
  void Append(const v1::PhaseStart& start);
  void Append(const v1::WorkerPhaseDone& done);
  void Append(const v1::WorkerHistograms& histograms);
  // Writes what has gathered.
  void Write();
  // Appends the end marker, writes and syncs. Returns status(). No call may follow but the const ones.
  absl::Status Close(const v1::RunEnd& end);

  // OK, or the first failure of a write or sync.
  absl::Status status() const;
  JournalCounters counters() const;
};

}  // namespace drumfire
