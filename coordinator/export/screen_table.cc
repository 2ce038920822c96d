// The distributions that matter, one row each, every row in the unit of its median.
#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coordinator/export/display_width.h"
#include "coordinator/export/screen_parts.h"
#include "coordinator/export/unit_text.h"

namespace drumfire {
namespace {

constexpr size_t kRowLabelColumns = 22;
constexpr size_t kUnitColumns = 4;
constexpr size_t kStatColumns = 9;
// Figures from the send and from the intended time differ when avg or p99 do by more than this.
constexpr double kDifference = 0.01;

struct Row {
  const char* tag;
  const char* label;
  const char* differs_from;  // shown only when it differs from this one; null = always
};
constexpr Row kRows[] = {
    {"time_to_first_token", "TTFT", nullptr},
    {"inter_token_latency", "ITL", nullptr},
    {"inter_chunk_latency", "Inter-chunk latency", nullptr},
    {"request_latency", "Request latency", nullptr},
    {"time_to_first_token_from_intended", "TTFT from intended", "time_to_first_token"},
    {"request_latency_from_intended", "Latency from intended", "request_latency"},
};

// In the order in which a narrow terminal keeps them.
struct Column {
  const char* stat;
  size_t rank;
};
constexpr Column kColumns[] = {{"avg", 2}, {"p50", 0}, {"p90", 4},
                               {"p95", 5}, {"p99", 1}, {"max", 3}};

std::vector<const char*> StatsThatFit(size_t width) {
  const size_t room = width - kRowLabelColumns - kUnitColumns;
  std::vector<const char*> stats;
  for (const Column& column : kColumns) {
    if (column.rank < room / kStatColumns) stats.push_back(column.stat);
  }
  return stats;
}

bool Differs(const MetricBlock& block, const MetricBlock* other) {
  if (other == nullptr) return true;
  for (const char* stat : {"avg", "p99"}) {
    if (std::abs(block.Stat(stat) - other->Stat(stat)) > kDifference * other->Stat(stat))
      return true;
  }
  return false;
}

std::string RowText(const Row& row, const MetricBlock& block,
                    const std::vector<const char*>& stats) {
  const double ns_each = block.metric->scale.display_divisor;
  const double typical = block.Stat("p50") > 0 ? block.Stat("p50") : block.Stat("avg");
  const ShownUnit unit = ShownUnitFor(typical * ns_each);
  std::string out =
      absl::StrCat(PadRight(row.label, kRowLabelColumns), PadRight(unit.name, kUnitColumns));
  for (const char* stat : stats) {
    absl::StrAppend(&out, PadLeft(ShortNumber(block.Stat(stat) * ns_each / unit.ns), kStatColumns));
  }
  return absl::StrCat(out, "\n");
}

std::string HeaderText(const std::vector<const char*>& stats) {
  std::string out(kRowLabelColumns + kUnitColumns, ' ');
  for (const char* stat : stats) absl::StrAppend(&out, PadLeft(stat, kStatColumns));
  return out;
}

}  // namespace

std::string ScreenTable(const RunResult& result, const ScreenStyle& style) {
  const std::vector<MetricBlock>& blocks = result.profiling.blocks;
  const std::vector<const char*> stats = StatsThatFit(style.width);
  std::string rows;
  for (const Row& row : kRows) {
    const MetricBlock* block = FindBlock(blocks, row.tag);
    if (block == nullptr) continue;
    const bool is_shown =
        row.differs_from == nullptr || Differs(*block, FindBlock(blocks, row.differs_from));
    if (is_shown) absl::StrAppend(&rows, RowText(row, *block, stats));
  }
  if (rows.empty()) return "";
  return absl::StrCat(Painted(HeaderText(stats), Paint::kBold, style), "\n", rows);
}

}  // namespace drumfire
