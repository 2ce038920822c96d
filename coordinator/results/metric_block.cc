#include "coordinator/results/metric_block.h"

#include <cmath>

#include "absl/strings/numbers.h"

namespace drumfire {
namespace {

void AppendDistributions(const Metric& metric, const MetricSummary& summary,
                         std::vector<MetricBlock>* blocks) {
  const Distribution* distribution = summary.Find(metric.tag);
  if (distribution == nullptr || distribution->count() == 0) return;
  if (metric.hidden_when_zero && distribution->max() == 0) return;
  blocks->push_back({&metric, distribution->Stats(metric.scale)});
}

}  // namespace

double MetricBlock::Stat(absl::string_view name) const {
  if (!has_stats()) return name == "avg" ? value : kNoValue;
  if (name == "avg") return stats.avg;
  if (name == "min") return stats.min;
  if (name == "max") return stats.max;
  if (name == "std") return stats.std;
  if (name == "sum") return stats.sum;
  if (name == "count") return static_cast<double>(stats.count);
  int percentile = 0;
  if (name.empty() || name[0] != 'p' || !absl::SimpleAtoi(name.substr(1), &percentile))
    return kNoValue;
  for (size_t i = 0; i < kPercentiles.size(); ++i) {
    if (kPercentiles[i] == percentile) return stats.percentiles[i];
  }
  return kNoValue;
}

std::vector<MetricBlock> MakeBlocks(const MetricSummary& summary, const MetricContext& context,
                                    int64_t window_ns) {
  RunTotals totals = summary.totals();
  totals.window_ns = window_ns;
  std::vector<MetricBlock> blocks;
  for (const Metric& metric : AllMetrics()) {
    if (metric.internal || !AppliesTo(metric, context)) continue;
    if (IsDistribution(metric)) {
      AppendDistributions(metric, summary, &blocks);
      continue;
    }
    const double base = metric.of_run(totals);
    if (metric.hidden_when_zero && base == 0) continue;
    if (!std::isnan(base)) blocks.push_back({&metric, {}, metric.scale.ToDisplay(base)});
  }
  return blocks;
}

const MetricBlock* FindBlock(const std::vector<MetricBlock>& blocks, absl::string_view tag) {
  for (const MetricBlock& block : blocks) {
    if (block.metric->tag == tag) return &block;
  }
  return nullptr;
}

}  // namespace drumfire
