// Writes all files of a finished run but the streamed ones (records, inputs), whole or not at all
// each, the ready marker last.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coordinator/export/file_names.h"
#include "coordinator/results/run_result.h"

namespace drumfire {

// folder: of the artifacts, must exist. level: of the run; formats above it are left out.
// files_before: written already (inputs, records). Returns the paths of all files, in their order.
// The first file that cannot be written ends it, with its path.
absl::StatusOr<std::vector<std::string>> ExportRun(const RunResult& result,
                                                   const std::string& folder,
                                                   const ExportNames& names, ExportLevel level,
                                                   std::vector<std::string> files_before);

}  // namespace drumfire
