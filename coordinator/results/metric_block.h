// Metrics as figures, ready for every export: the metric table applied to one summary. Shown units.
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
  // Of distributions.
  DistributionStats stats;
  // Of metrics with one value.
  double value = 0;

  bool has_stats() const { return IsDistribution(*metric); }
  // The stat by its name (avg, p99, count, ...); the one value for "avg" of other metrics; kNoValue
  // for what there is not.
  double Stat(absl::string_view name) const;
};

// All metrics that have values, in table order; internal ones are left out. window_ns: what rates
// are taken over.
std::vector<MetricBlock> MakeBlocks(const MetricSummary& summary, const MetricContext& context,
                                    int64_t window_ns);

// Null when there is none of that tag.
const MetricBlock* FindBlock(const std::vector<MetricBlock>& blocks, absl::string_view tag);

}  // namespace drumfire
