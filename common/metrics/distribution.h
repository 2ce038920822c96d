// Many integer values of one metric: exact count, sum, sum of squares and extremes, and a histogram
// for the percentiles. Memory does not depend on the number of values. Merging is exact, in any
// order. One thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "common/histogram/histogram.h"
#include "common/metrics/metric.h"

namespace drumfire {

// The percentiles in files, ascending.
constexpr std::array<double, 9> kPercentiles = {1, 5, 10, 25, 50, 75, 90, 95, 99};

// In display units. Percentiles in the order of kPercentiles. std is of the population (AIPerf's
// choice).
struct DistributionStats {
  int64_t count = 0;
  double avg = 0;
  double min = 0;
  double max = 0;
  double std = 0;
  double sum = 0;
  std::array<double, kPercentiles.size()> percentiles{};
};

class Distribution {
 public:
  // The exact values besides the histogram.
  struct Moments {
    __int128 sum = 0;
    unsigned __int128 sum_of_squares = 0;
    int64_t min = INT64_MAX;
    int64_t max = INT64_MIN;
  };

  Distribution() = default;
  // From histogram() and moments().
  Distribution(Histogram histogram, const Moments& moments)
      : histogram_(std::move(histogram)), moments_(moments) {}

  void Add(int64_t value) { AddMany(value, 1); }
  // The same value, count times.
  void AddMany(int64_t value, int64_t count) {
    const __int128 wide = value;
    histogram_.RecordMany(value, count);
    moments_.sum += wide * count;
    moments_.sum_of_squares += static_cast<unsigned __int128>(wide * value) * count;
    if (value < moments_.min) moments_.min = value;
    if (value > moments_.max) moments_.max = value;
  }
  void Merge(const Distribution& other);
  void Clear();

  int64_t count() const { return histogram_.total_count(); }
  // 0 if there are no values.
  int64_t min() const { return count() == 0 ? 0 : moments_.min; }
  int64_t max() const { return count() == 0 ? 0 : moments_.max; }
  double sum() const { return static_cast<double>(moments_.sum); }
  double Average() const;
  // Population standard deviation.
  double Deviation() const;
  // From the histogram (3 digits), clamped to [min, max].
  double Percentile(double percentile) const;
  const Histogram& histogram() const { return histogram_; }
  const Moments& moments() const { return moments_; }

  DistributionStats Stats(const Scale& scale) const;

 private:
  double Clamp(int64_t value) const;

  Histogram histogram_;
  Moments moments_;
};

}  // namespace drumfire
