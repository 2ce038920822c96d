// Metrics as figures for all exports: the metric table applied to one summary, in display units.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/metrics/distribution.h"
#include "common/metrics/metric.h"
#include "common/metrics/summary.h"

namespace drumfire {

struct MetricBlock {
  const Metric* metric;
  // For distributions.
  DistributionStats stats;
  // For metrics with one value.
  double value = 0;

  bool has_stats() const { return IsDistribution(*metric); }
  // The statistic by name (avg, p99, count, ...); for metrics with one value, "avg" returns it;
  // kNoValue if there is none.
  double Stat(absl::string_view name) const;
};

// All metrics that have values, in table order, without internal ones. window_ns: the window for
// rates.
std::vector<MetricBlock> MakeBlocks(const MetricSummary& summary, const MetricContext& context,
                                    int64_t window_ns);

// Null if there is no such tag.
const MetricBlock* FindBlock(const std::vector<MetricBlock>& blocks, absl::string_view tag);

}  // namespace drumfire
