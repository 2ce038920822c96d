// Interval histograms: a worker's own summary of its records, sent alongside them, so that the
// coordinator can verify that nothing changed in transit. Metrics in the message are tags of the
// table; bytes are V2 compressed.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/histogram/histogram.h"
#include "common/metrics/summary.h"
#include "drumfire/v1/control.pb.h"

namespace drumfire {

// Adds the summary's non-empty distributions to the message.
void AppendHistograms(const MetricSummary& summary, v1::IntervalHistograms* message);

// The merged intervals of one phase over all workers. One thread at a time.
class IntervalMerger {
 public:
  // InvalidArgument, naming the metric, for bytes that are not one of our histograms; nothing of
  // the message is then merged.
  absl::Status Merge(const v1::IntervalHistograms& message);

  // Tags whose histogram differs from that of the records, in table order; empty = all agree.
  std::vector<std::string> Differences(const MetricSummary& from_records) const;
  int64_t intervals() const { return intervals_; }

 private:
  std::map<std::string, Histogram> histograms_;
  int64_t intervals_ = 0;
};

}  // namespace drumfire
