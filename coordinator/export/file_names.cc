#include "coordinator/export/file_names.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace drumfire {
namespace {

absl::string_view WithoutSuffix(absl::string_view prefix) {
  for (const absl::string_view suffix : {".jsonl", ".json", ".csv"}) {
    if (absl::ConsumeSuffix(&prefix, suffix)) break;
  }
  return prefix;
}

}  // namespace

ExportNames ExportNames::In(absl::string_view folder, absl::string_view prefix) {
  prefix = WithoutSuffix(prefix);
  const bool is_default = prefix.empty() || prefix == kDefaultExportPrefix;
  const std::string base = absl::StrCat(folder, "/", is_default ? kDefaultExportPrefix : prefix);
  const std::string summary = is_default ? absl::StrCat(base, "_aiperf") : base;
  return {.summary_json = absl::StrCat(summary, ".json"),
          .summary_csv = absl::StrCat(summary, ".csv"),
          .records_jsonl = absl::StrCat(base, ".jsonl"),
          .slices_json = absl::StrCat(summary, "_timeslices.json"),
          .slices_csv = absl::StrCat(summary, "_timeslices.csv"),
          .console_text = absl::StrCat(base, "_console.txt"),
          .inputs_json = absl::StrCat(folder, "/inputs.json"),
          .ready_marker = absl::StrCat(folder, "/.aiperf_results_ready.json")};
}

}  // namespace drumfire
