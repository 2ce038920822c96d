#include "common/metrics/distribution.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace drumfire {

void Distribution::Merge(const Distribution& other) {
  const absl::Status merged = histogram_.Merge(other.histogram_);
  if (!merged.ok()) return;
  moments_.sum += other.moments_.sum;
  moments_.sum_of_squares += other.moments_.sum_of_squares;
  moments_.min = std::min(moments_.min, other.moments_.min);
  moments_.max = std::max(moments_.max, other.moments_.max);
}

void Distribution::Clear() {
  histogram_.Clear();
  moments_ = Moments();
}

double Distribution::Average() const {
  return count() == 0 ? 0
                      : static_cast<double>(static_cast<long double>(moments_.sum) /
                                            static_cast<long double>(count()));
}

// Around the minimum, where nothing cancels: the sums are exact integers, modulo 2^128 in between.
double Distribution::Deviation() const {
  if (count() == 0 || moments_.min == moments_.max) return 0;
  using Wide = unsigned __int128;
  const auto n = static_cast<Wide>(count());
  const auto low = static_cast<Wide>(static_cast<__int128>(moments_.min));
  const Wide above = static_cast<Wide>(moments_.sum) - n * low;
  const Wide squares =
      moments_.sum_of_squares - 2 * low * static_cast<Wide>(moments_.sum) + n * low * low;
  const auto count_of_all = static_cast<long double>(count());
  const long double mean = static_cast<long double>(above) / count_of_all;
  const long double variance = static_cast<long double>(squares) / count_of_all - mean * mean;
  return static_cast<double>(std::sqrt(std::max(variance, 0.0L)));
}

double Distribution::Clamp(int64_t value) const {
  return static_cast<double>(std::min(std::max(value, min()), max()));
}

double Distribution::Percentile(double percentile) const {
  return Clamp(histogram_.ValueAtPercentile(percentile));
}

DistributionStats Distribution::Stats(const Scale& scale) const {
  DistributionStats stats;
  stats.count = count();
  if (stats.count == 0) return stats;
  const auto offset_sum =
      static_cast<double>(scale.histogram_offset) * static_cast<double>(stats.count);
  const double divisor = scale.display_divisor * scale.histogram_factor;
  stats.avg = scale.IntegerToDisplay(Average());
  stats.min = scale.IntegerToDisplay(static_cast<double>(moments_.min));
  stats.max = scale.IntegerToDisplay(static_cast<double>(moments_.max));
  stats.std = Deviation() / divisor;
  stats.sum = (sum() - offset_sum) / divisor;
  std::vector<int64_t> values;
  histogram_.ValuesAtPercentiles({kPercentiles.begin(), kPercentiles.end()}, &values);
  for (size_t i = 0; i < values.size(); ++i)
    stats.percentiles[i] = scale.IntegerToDisplay(Clamp(values[i]));
  return stats;
}

}  // namespace drumfire
