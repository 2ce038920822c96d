// The table of a run's result files. A new format is one file (see summary_csv.cc) with a
// `const ExportFormat`, and one row, with its declaration, in formats.cc.
//
//   for (const ExportFormat* format : ExportFormats()) {
//     const std::string path = ExportNames(folder, prefix).PathOf(*format);
//     ...
//   }
//
// Immutable; any thread.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "coordinator/results/run_result.h"

namespace drumfire {

// How much a run writes: kRecords adds what has a line per request.
enum class ExportLevel { kSummary, kRecords };

// What a file's name begins with: see ExportNames.
enum class ExportBase {
  kPrefix,   // the prefix, "profile_export"
  kSummary,  // the prefix, "profile_export_aiperf"
  kFolder,   // nothing: the suffix is the whole name
};

struct ExportContext {
  const RunResult& result;
  const std::string& folder;              // of the artifacts
  const std::vector<std::string>& files;  // paths written so far, and the present one
};

struct ExportFormat {
  ExportBase base;
  absl::string_view suffix;
  ExportLevel level = ExportLevel::kSummary;
  // Named to the user with the other files.
  bool is_listed = true;
  // Whether a run has such a file; nullptr = each has.
  bool (*applies)(const RunResult& result) = nullptr;
  // The whole file; nullptr = streamed by the run (coordinator/run/run_exports.h), from its journal
  // or its data set.
  std::string (*text)(const ExportContext& context) = nullptr;
};

// In the order in which they are written; the last one marks the others as complete.
absl::Span<const ExportFormat* const> ExportFormats();

// Those that are streamed.
extern const ExportFormat kInputsFormat;
extern const ExportFormat kRecordsFormat;

}  // namespace drumfire
