// Writes all files of a finished run but the records' lines (RecordsJsonl), whole or not at all
// each, the ready marker last.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "coordinator/export/file_names.h"
#include "coordinator/results/run_result.h"

namespace drumfire {

struct ExportedRun {
  std::string console;             // text of profile_export_console.txt
  std::vector<std::string> files;  // that were written
};

// folder: of the artifacts, must exist. files_before: written already (records, inputs), named
// with the others. The first file that cannot be written ends it, with its path.
absl::StatusOr<ExportedRun> ExportRun(const RunResult& result, const std::string& folder,
                                      const ExportNames& names,
                                      const std::vector<std::string>& files_before);

}  // namespace drumfire
