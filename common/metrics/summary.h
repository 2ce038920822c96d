// All metrics of a set of requests (a phase, a slice, a URL, an interval), built record by record.
// Memory does not depend on the number of records. Merging is exact, in any order. One thread at a
// time.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/metrics/distribution.h"
#include "common/metrics/goals.h"
#include "common/metrics/metric.h"
#include "common/metrics/run_totals.h"
#include "drumfire/v1/plan.pb.h"
#include "drumfire/v1/record.pb.h"

namespace drumfire {

// The properties of a plan that determine which metrics exist.
struct MetricContext {
  bool produces_tokens = true;
  bool streaming = true;
  bool isl_from_usage = false;  // prompts are counted by the server
  std::vector<GoodputGoal> goodput;
};
MetricContext MetricContextOf(const v1::Plan& plan);
bool AppliesTo(const Metric& metric, const MetricContext& context);

class MetricSummary {
 public:
  explicit MetricSummary(const MetricContext& context);

  void Add(const v1::Record& record);
  // The other must have the same context.
  void Merge(const MetricSummary& other);
  // Clears all records; keeps the memory.
  void Clear();

  // Restores the state of a summary of the same context: its totals(), and the distribution of each
  // of its entries().
  void Restore(const RunTotals& totals, std::vector<Distribution> distributions);

  const RunTotals& totals() const { return totals_; }
  bool IsGood(const RecordView& view) const { return MeetsGoals(goodput_, view); }

  // Distributions of the metrics that apply, in table order.
  struct Entry {
    const Metric* metric;
    Distribution distribution;
  };
  absl::Span<const Entry> entries() const { return entries_; }
  // Null if the metric does not apply or is not a distribution.
  const Distribution* Find(absl::string_view tag) const;

 private:
  void AddTotals(const RecordView& view);
  void AddUsage(const RecordView& view);
  void AddCompleted(const RecordView& view);
  void AddError(const RecordView& view);
  void AddValues(const std::vector<size_t>& indices, const RecordView& view);

  bool isl_from_usage_;
  std::vector<GoodputGoal> goodput_;
  std::vector<Entry> entries_;
  // Indices into entries_ by population, and that of inter_chunk_latency, if any.
  std::vector<size_t> of_completed_;
  std::vector<size_t> of_sent_;
  std::vector<size_t> of_failed_;
  std::vector<size_t> of_lists_;
  RunTotals totals_;
};

}  // namespace drumfire
