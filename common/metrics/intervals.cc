#include "common/metrics/intervals.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/histogram/codec.h"

namespace drumfire {

void AppendHistograms(const MetricSummary& summary, v1::IntervalHistograms* message) {
  for (const MetricSummary::Entry& entry : summary.entries()) {
    if (entry.distribution.count() == 0) continue;
    v1::EncodedHistogram* encoded = message->add_histograms();
    encoded->set_metric(std::string(entry.metric->tag));
    encoded->set_v2_compressed(EncodeHistogramV2Compressed(entry.distribution.histogram()));
  }
}

absl::Status IntervalMerger::Merge(const v1::IntervalHistograms& message) {
  std::vector<std::pair<std::string, Histogram>> decoded;
  for (const v1::EncodedHistogram& encoded : message.histograms()) {
    absl::StatusOr<Histogram> histogram = DecodeHistogram(encoded.v2_compressed());
    if (!histogram.ok() || histogram->shape() != HistogramShape()) {
      return absl::InvalidArgumentError(
          absl::StrCat("interval ", message.interval(), ", ", encoded.metric(), ": ",
                       histogram.ok() ? "of another shape, " + histogram->shape().ToString()
                                      : std::string(histogram.status().message())));
    }
    decoded.emplace_back(encoded.metric(), *std::move(histogram));
  }
  ++intervals_;
  for (auto& [metric, histogram] : decoded) {
    const absl::Status merged = histograms_[metric].Merge(histogram);
    if (!merged.ok()) return merged;
  }
  return absl::OkStatus();
}

std::vector<std::string> IntervalMerger::Differences(const MetricSummary& from_records) const {
  std::vector<std::string> different;
  static const Histogram kEmpty;
  for (const MetricSummary::Entry& entry : from_records.entries()) {
    const auto found = histograms_.find(std::string(entry.metric->tag));
    const Histogram& merged = found == histograms_.end() ? kEmpty : found->second;
    if (merged != entry.distribution.histogram()) different.emplace_back(entry.metric->tag);
  }
  return different;
}

}  // namespace drumfire
