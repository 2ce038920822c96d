#include "coordinator/export/export_run.h"

#include <utility>

#include "common/files/atomic_file.h"
#include "coordinator/export/console.h"
#include "coordinator/export/json_parts.h"
#include "coordinator/export/slices_export.h"
#include "coordinator/export/summary_csv.h"
#include "coordinator/export/summary_json.h"

namespace drumfire {
namespace {

std::string ReadyMarker(const RunResult& result) {
  Json json;
  json["ready"] = true;
  json["was_cancelled"] = result.facts.was_cancelled;
  json["partial"] = !result.is_complete;
  return Compact(json);
}

}  // namespace

absl::StatusOr<ExportedRun> ExportRun(const RunResult& result, const std::string& folder,
                                      const ExportNames& names,
                                      const std::vector<std::string>& files_before) {
  std::vector<std::pair<std::string, std::string>> contents = {
      {names.summary_json, SummaryJson(result, folder)},
      {names.summary_csv, SummaryCsv(result)},
  };
  if (!result.slices.empty()) {
    contents.emplace_back(names.slices_json, SlicesJson(result, folder));
    contents.emplace_back(names.slices_csv, SlicesCsv(result));
  }
  ExportedRun exported{"", files_before};
  for (const auto& [path, text] : contents) exported.files.push_back(path);
  exported.files.push_back(names.console_text);
  exported.console = ConsoleText(result, exported.files);
  contents.emplace_back(names.console_text, exported.console);
  contents.emplace_back(names.ready_marker, ReadyMarker(result));
  for (const auto& [path, text] : contents) {
    const absl::Status written = WriteFileAtomically(path, text);
    if (!written.ok()) return written;
  }
  return exported;
}

}  // namespace drumfire
