// .aiperf_results_ready.json: there once all other files are.
#include "coordinator/export/formats.h"
#include "coordinator/export/json_parts.h"

namespace drumfire {
namespace {

std::string ReadyMarkerText(const ExportContext& context) {
  Json json;
  json["ready"] = true;
  json["was_cancelled"] = context.result.facts.was_cancelled;
  json["partial"] = !context.result.is_complete;
  return Compact(json);
}

}  // namespace

extern constexpr ExportFormat kReadyMarkerFormat = {.base = ExportBase::kFolder,
                                                    .suffix = ".aiperf_results_ready.json",
                                                    .is_listed = false,
                                                    .text = &ReadyMarkerText};

}  // namespace drumfire
