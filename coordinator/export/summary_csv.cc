#include "coordinator/export/summary_csv.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "coordinator/export/formats.h"

namespace drumfire {
namespace {

constexpr const char* kStats[] = {"avg", "min", "max", "sum", "p1",  "p5",  "p10",
                                  "p25", "p50", "p75", "p90", "p95", "p99", "std"};
constexpr char kGpuHeader[] = "Endpoint,GPU_Index,GPU_Name,GPU_UUID,Platform,Metric";

std::vector<MetricBlock> SortedByTag(std::vector<MetricBlock> blocks) {
  std::sort(blocks.begin(), blocks.end(), [](const MetricBlock& a, const MetricBlock& b) {
    return a.metric->tag < b.metric->tag;
  });
  return blocks;
}

// "Request Latency (ms)"; counts and requests go without a unit.
std::string Label(const Metric& metric) {
  if (metric.unit == "count" || metric.unit == "requests") return CsvField(metric.name);
  return CsvField(absl::StrCat(metric.name, " (", metric.unit, ")"));
}

}  // namespace

std::string CsvField(absl::string_view text) {
  if (text.find_first_of(",\"\r\n") == absl::string_view::npos) return std::string(text);
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
}

std::string CsvNumber(double value) {
  return std::isfinite(value) ? absl::StrFormat("%.2f", value) : "";
}

std::string SummaryCsv(const RunResult& result) {
  const std::vector<MetricBlock> blocks = SortedByTag(result.profiling.blocks);
  const std::string stats = absl::StrJoin(kStats, ",");
  std::string csv = absl::StrCat("Metric,", stats, "\n");
  for (const MetricBlock& block : blocks) {
    if (!block.has_stats()) continue;
    absl::StrAppend(&csv, Label(*block.metric));
    for (const char* stat : kStats) absl::StrAppend(&csv, ",", CsvNumber(block.Stat(stat)));
    csv.push_back('\n');
  }
  csv += "\nMetric,Value\n";
  for (const MetricBlock& block : blocks) {
    if (!block.has_stats())
      absl::StrAppend(&csv, Label(*block.metric), ",", CsvNumber(block.value), "\n");
  }
  absl::StrAppend(&csv, "\n\n", kGpuHeader, ",", stats, "\n");
  return csv;
}

extern constexpr ExportFormat kSummaryCsvFormat = {
    .base = ExportBase::kSummary, .suffix = ".csv", .text = [](const ExportContext& context) {
      return SummaryCsv(context.result);
    }};

}  // namespace drumfire
