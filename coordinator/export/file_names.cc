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

ExportNames::ExportNames(absl::string_view folder, absl::string_view prefix) : folder_(folder) {
  prefix = WithoutSuffix(prefix);
  const bool is_default = prefix.empty() || prefix == kDefaultExportPrefix;
  prefix_ = is_default ? std::string(kDefaultExportPrefix) : std::string(prefix);
  summary_prefix_ = is_default ? absl::StrCat(prefix_, "_aiperf") : prefix_;
}

std::string ExportNames::PathOf(const ExportFormat& format) const {
  absl::string_view base;
  switch (format.base) {
    case ExportBase::kPrefix:
      base = prefix_;
      break;
    case ExportBase::kSummary:
      base = summary_prefix_;
      break;
    case ExportBase::kFolder:
      break;
  }
  return absl::StrCat(folder_, "/", base, format.suffix);
}

}  // namespace drumfire
