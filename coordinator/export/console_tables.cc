#include "coordinator/export/console_tables.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coordinator/export/text_table.h"

namespace drumfire {
namespace {

constexpr const char* kTableStats[] = {"avg", "min", "max", "p99", "p95", "p90", "p50", "std"};
constexpr size_t kMetricColumns = 36;
constexpr size_t kMessageColumns = 74;
constexpr size_t kMessageLines = 3;
constexpr size_t kTypeColumns = 28;
constexpr size_t kTableErrors = 20;

// On a second line when the unit does not fit beside the name.
std::string TableLabel(const Metric& metric) {
  return Wrapped(absl::StrCat(metric.name, " (", metric.unit, ")"), kMetricColumns, 3);
}

TextTable StatsTable(const std::string& title) {
  std::vector<std::string> header = {"Metric"};
  header.insert(header.end(), std::begin(kTableStats), std::end(kTableStats));
  return {title, header, std::vector<TextTable::Align>(header.size(), TextTable::Align::kRight)};
}

std::string GroupTable(const RunResult& result, ConsoleGroup group, const std::string& title) {
  std::vector<MetricBlock> blocks;
  for (const MetricBlock& block : result.profiling.blocks) {
    if (block.metric->console == group) blocks.push_back(block);
  }
  std::stable_sort(blocks.begin(), blocks.end(), [](const MetricBlock& a, const MetricBlock& b) {
    return a.metric->console_order < b.metric->console_order;
  });
  TextTable table = StatsTable(title);
  for (const MetricBlock& block : blocks) {
    std::vector<std::string> cells = {TableLabel(*block.metric)};
    for (const char* stat : kTableStats) cells.push_back(TableNumber(block.Stat(stat)));
    table.AddRow(std::move(cells));
  }
  return table.empty() ? "" : table.ToString();
}

std::string ErrorTable(const std::vector<ErrorKind>& errors) {
  using Align = TextTable::Align;
  TextTable table("Drumfire | Error Summary", {"Code", "Type", "Message", "Count"},
                  {Align::kRight, Align::kRight, Align::kLeft, Align::kRight});
  for (size_t i = 0; i < std::min(errors.size(), kTableErrors); ++i) {
    const ErrorDetails& details = errors[i].details;
    table.AddRow({details.code == 0 ? "N/A" : absl::StrCat(details.code),
                  Wrapped(details.type, kTypeColumns, 2),
                  Wrapped(details.message, kMessageColumns, kMessageLines),
                  absl::StrCat(errors[i].count)});
  }
  if (errors.size() > kTableErrors) {
    table.AddRow(
        {"", "", absl::StrCat("... and ", errors.size() - kTableErrors, " more kinds, in the JSON"),
         ""});
  }
  return table.empty() ? "" : table.ToString();
}

double Figure(const std::vector<MetricBlock>& blocks, absl::string_view tag,
              absl::string_view stat) {
  const MetricBlock* block = FindBlock(blocks, tag);
  return block == nullptr ? kNoValue : block->Stat(stat);
}

std::string UrlTable(const std::vector<UrlResult>& urls) {
  using Align = TextTable::Align;
  TextTable table("Drumfire | Targets",
                  {"URL", "Requests", "Errors", "Latency p50", "Latency p99", "TTFT p50",
                   "TTFT p99", "ITL p50", "req/s"},
                  {Align::kLeft, Align::kRight, Align::kRight, Align::kRight, Align::kRight,
                   Align::kRight, Align::kRight, Align::kRight, Align::kRight});
  for (const UrlResult& url : urls) {
    table.AddRow({Wrapped(url.url, 40, 3), absl::StrCat(url.totals.completed),
                  absl::StrCat(url.totals.errors()),
                  TableNumber(Figure(url.blocks, "request_latency", "p50")),
                  TableNumber(Figure(url.blocks, "request_latency", "p99")),
                  TableNumber(Figure(url.blocks, "time_to_first_token", "p50")),
                  TableNumber(Figure(url.blocks, "time_to_first_token", "p99")),
                  TableNumber(Figure(url.blocks, "inter_token_latency", "p50")),
                  TableNumber(Figure(url.blocks, "request_throughput", "avg"))});
  }
  return table.empty() ? "" : table.ToString();
}

std::string MainTitle(const RunResult& result) {
  return result.context.produces_tokens ? "Drumfire | LLM Metrics"
                                        : "Drumfire | Embeddings Metrics";
}

}  // namespace

std::string ConsoleTables(const RunResult& result) {
  return absl::StrCat(
      ErrorTable(result.profiling.errors),
      GroupTable(result, ConsoleGroup::kUsage, "Drumfire | Usage as the server reports it"),
      GroupTable(result, ConsoleGroup::kEffective, "Drumfire | Effective"),
      GroupTable(result, ConsoleGroup::kDrumfire, "Drumfire | From the intended time"),
      UrlTable(result.urls), GroupTable(result, ConsoleGroup::kMain, MainTitle(result)));
}

}  // namespace drumfire
