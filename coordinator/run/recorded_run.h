// A run as its folder holds it: manifest and journal, checked to be whole and to belong together.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "coordinator/ingest/journal_reader.h"
#include "drumfire/v1/journal.pb.h"

namespace drumfire {

struct RecordedRun {
  v1::RunManifest manifest;
  std::unique_ptr<JournalReader> journal;
};

// NOT_FOUND when the folder holds no run; INVALID_ARGUMENT or DATA_LOSS, with the file and the
// cause, when the manifest is of another version, no run could have had its plan, or the journal is
// of another run.
absl::StatusOr<RecordedRun> OpenRecordedRun(const std::string& folder);

}  // namespace drumfire
