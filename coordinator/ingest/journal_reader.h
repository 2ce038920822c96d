// Reads a journal back, entry by entry, as far as it is whole: a run that was killed leaves a torn
// last entry. Memory does not grow with the file. Any bytes may be in it: what is damaged ends the
// reading and is said, never a crash. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/record/batch_decoder.h"
#include "coordinator/ingest/file_window.h"
#include "coordinator/ingest/journal_format.h"
#include "coordinator/ingest/journal_visitor.h"

namespace drumfire {

struct JournalReadResult {
  uint64_t entries = 0;
  // Bytes after the last whole entry, which were ignored, and what is wrong with them in words. 0
  // and empty = none.
  uint64_t torn_bytes = 0;
  std::string torn_reason;
};

class JournalReader {
 public:
  // NOT_FOUND when there is no such file; DATA_LOSS when it has no whole header or one of another
  // version.
  static absl::StatusOr<std::unique_ptr<JournalReader>> Open(const std::string& path);

  const JournalHeader& header() const { return header_; }
  // Reads to the last whole entry; once. An error only when the file itself cannot be read.
  absl::StatusOr<JournalReadResult> Read(JournalVisitor* visitor);

 private:
  JournalReader(FileWindow window, JournalHeader header)
      : window_(std::move(window)), header_(std::move(header)) {}
  absl::StatusOr<bool> ReadEntry(JournalVisitor* visitor, JournalReadResult* result);
  absl::StatusOr<absl::string_view> NextFrame();
  absl::Status VisitEntry(JournalEntryType type, absl::string_view payload,
                          JournalVisitor* visitor);
  absl::Status VisitBatch(absl::string_view payload, JournalVisitor* visitor);
  absl::Status CountRest(JournalReadResult* result);

  FileWindow window_;
  JournalHeader header_;
  BatchDecoder decoder_;
};

}  // namespace drumfire
