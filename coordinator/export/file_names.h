// The names of a run's result files, AIPerf's, under --profile-export-prefix.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "coordinator/export/formats.h"

namespace drumfire {

constexpr char kDefaultExportPrefix[] = "profile_export";

class ExportNames {
 public:
  // Paths in `folder`. An empty prefix means the default one. A prefix's own .json, .jsonl or .csv
  // is taken off.
  ExportNames(absl::string_view folder, absl::string_view prefix);

  std::string PathOf(const ExportFormat& format) const;

 private:
  std::string folder_;
  std::string prefix_;
  std::string summary_prefix_;
};

}  // namespace drumfire
