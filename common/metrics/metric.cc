#include "common/metrics/metric.h"

#include <vector>

#include "common/metrics/table_parts.h"

namespace drumfire {

absl::Span<const Metric> AllMetrics() {
  static const std::vector<Metric>* const kAll = [] {
    auto* all = new std::vector<Metric>;
    for (auto* part :
         {HeadlineMetrics, SecondaryMetrics, HttpMetrics, UsageMetrics, DelayMetrics}) {
      const absl::Span<const Metric> rows = part();
      all->insert(all->end(), rows.begin(), rows.end());
    }
    return all;
  }();
  return *kAll;
}

const Metric* FindMetric(absl::string_view tag) {
  for (const Metric& metric : AllMetrics()) {
    if (metric.tag == tag) return &metric;
  }
  return nullptr;
}

bool IsDistribution(const Metric& metric) {
  return metric.kind == MetricKind::kRecord || metric.kind == MetricKind::kRecordList;
}

bool HasWholeValues(const Metric& metric) {
  return IsDistribution(metric) &&
         (metric.unit == "tokens" || metric.unit == "count" || metric.unit == "ratio");
}

}  // namespace drumfire
