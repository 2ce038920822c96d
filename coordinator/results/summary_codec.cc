#include "coordinator/results/summary_codec.h"

#include <cstring>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/histogram/codec.h"

namespace drumfire {
namespace {

template <typename Plain>
void AppendPlain(const Plain& value, std::string* out) {
  out->append(reinterpret_cast<const char*>(&value), sizeof(value));
}

template <typename Plain>
Plain TakePlain(absl::string_view* bytes) {
  Plain value;
  std::memcpy(&value, bytes->data(), sizeof(value));
  bytes->remove_prefix(sizeof(value));
  return value;
}

Distribution TakeDistribution(absl::string_view* bytes) {
  const auto moments = TakePlain<Distribution::Moments>(bytes);
  const auto size = TakePlain<size_t>(bytes);
  Histogram histogram = *DecodeHistogram(bytes->substr(0, size));
  bytes->remove_prefix(size);
  return {std::move(histogram), moments};
}

}  // namespace

std::string SerializeSummary(const MetricSummary& summary) {
  std::string bytes;
  AppendPlain(summary.totals(), &bytes);
  for (const MetricSummary::Entry& entry : summary.entries()) {
    AppendPlain(entry.distribution.moments(), &bytes);
    const std::string histogram = EncodeHistogramV2(entry.distribution.histogram());
    AppendPlain(histogram.size(), &bytes);
    bytes += histogram;
  }
  bytes.shrink_to_fit();
  return bytes;
}

MetricSummary DeserializeSummary(const std::string& bytes, const MetricContext& context) {
  absl::string_view left = bytes;
  MetricSummary summary(context);
  const auto totals = TakePlain<RunTotals>(&left);
  std::vector<Distribution> distributions;
  for (size_t i = 0; i < summary.entries().size(); ++i)
    distributions.push_back(TakeDistribution(&left));
  summary.Restore(totals, std::move(distributions));
  return summary;
}

}  // namespace drumfire
