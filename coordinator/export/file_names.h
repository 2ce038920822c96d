// The names of a run's result files, AIPerf's, under --profile-export-prefix.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace drumfire {

constexpr char kDefaultExportPrefix[] = "profile_export";

struct ExportNames {
  std::string summary_json;
  std::string summary_csv;
  std::string records_jsonl;
  std::string slices_json;
  std::string slices_csv;
  std::string console_text;
  std::string inputs_json;   // never prefixed
  std::string ready_marker;  // never prefixed

  // Paths in `folder`. An empty prefix means the default one. A prefix's own .json or .csv is taken
  // off.
  static ExportNames In(absl::string_view folder, absl::string_view prefix);
};

}  // namespace drumfire
