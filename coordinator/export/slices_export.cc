#include "coordinator/export/slices_export.h"

#include "absl/strings/str_cat.h"
#include "coordinator/export/formats.h"
#include "coordinator/export/json_parts.h"
#include "coordinator/export/summary_csv.h"

namespace drumfire {
namespace {

constexpr const char* kSliceStats[] = {"avg", "min", "max", "sum", "p1",  "p5",  "p10",
                                       "p25", "p50", "p75", "p90", "p95", "p99", "std"};

void AppendBlock(const std::string& slice, const MetricBlock& block, std::string* csv) {
  const std::string metric =
      absl::StrCat(CsvField(block.metric->name), ",", CsvField(block.metric->unit));
  for (const char* stat : kSliceStats) {
    const std::string number = CsvNumber(block.Stat(stat));
    if (!number.empty()) absl::StrAppend(csv, slice, ",", metric, ",", stat, ",", number, "\n");
  }
}

}  // namespace

std::string SlicesJson(const RunResult& result, const std::string& folder) {
  const int64_t wall_ns = result.profiling.wall_start_ns;
  Json json;
  json["timeslices"] = Json::array();
  for (const Slice& slice : result.slices) {
    Json item;
    item["start_ns"] = wall_ns + slice.start_ns;
    item["end_ns"] = wall_ns + slice.end_ns;
    if (!slice.is_complete) item["is_complete"] = false;
    AddBlocks(slice.blocks, &item);
    json["timeslices"].push_back(std::move(item));
  }
  json["input_config"] = InputConfigJson(result.facts.plan, folder);
  return Pretty(json);
}

std::string SlicesCsv(const RunResult& result) {
  const int64_t wall_ns = result.profiling.wall_start_ns;
  std::string csv = "Timeslice,Start_NS,End_NS,Metric,Unit,Stat,Value\n";
  for (size_t i = 0; i < result.slices.size(); ++i) {
    const Slice& slice = result.slices[i];
    const std::string head =
        absl::StrCat(i, ",", wall_ns + slice.start_ns, ",", wall_ns + slice.end_ns);
    for (const MetricBlock& block : slice.blocks) AppendBlock(head, block, &csv);
  }
  return csv;
}

namespace {

bool HasSlices(const RunResult& result) { return !result.slices.empty(); }

}  // namespace

extern constexpr ExportFormat kSlicesJsonFormat = {.base = ExportBase::kSummary,
                                                   .suffix = "_timeslices.json",
                                                   .applies = &HasSlices,
                                                   .text = [](const ExportContext& context) {
                                                     return SlicesJson(context.result,
                                                                       context.folder);
                                                   }};

extern constexpr ExportFormat kSlicesCsvFormat = {
    .base = ExportBase::kSummary,
    .suffix = "_timeslices.csv",
    .applies = &HasSlices,
    .text = [](const ExportContext& context) { return SlicesCsv(context.result); }};

}  // namespace drumfire
