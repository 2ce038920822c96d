// A HdrHistogram: counts of non-negative integers with a fixed relative precision, in memory that
// depends on the range of values, not on their number. Counters are in pages that are allocated on
// first use, so that many histograms of similar values stay small: at 3 digits a page of 2 kB
// covers a quarter of an octave.
//
// A value above the range is counted in the topmost counter and once more in over_range_count(); a
// negative one in the lowest counter and in under_range_count(). So nothing is lost, and every
// encoding contains all values. One thread at a time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "common/histogram/shape.h"

namespace drumfire {

class Histogram {
 public:
  explicit Histogram(const HistogramShape& shape = HistogramShape());
  Histogram(const Histogram& other);
  Histogram& operator=(const Histogram& other);
  Histogram(Histogram&&) noexcept = default;
  Histogram& operator=(Histogram&&) noexcept = default;

  void Record(int64_t value) { RecordMany(value, 1); }
  void RecordMany(int64_t value, int64_t count) {
    AddAt(shape_.IndexOf(Clamp(value, count)), count);
  }

  // Adds the other's counts; changes nothing on an error: InvalidArgument, with both shapes named,
  // when the shapes differ, OutOfRange when the counts overflow.
  absl::Status Merge(const Histogram& other);
  // Clears all values; keeps the memory.
  void Clear();

  const HistogramShape& shape() const { return shape_; }
  int64_t total_count() const { return total_count_; }
  int64_t over_range_count() const { return over_range_count_; }
  int64_t under_range_count() const { return under_range_count_; }

  // The largest value of the counter at this percentile (0..100), as in the Java library; at 0 the
  // smallest. 0 if there are no values.
  int64_t ValueAtPercentile(double percentile) const;
  // Several percentiles in one pass, ascending. out receives one value per percentile.
  void ValuesAtPercentiles(const std::vector<double>& percentiles, std::vector<int64_t>* out) const;

  // Counter access for codecs. index < shape().counters().
  int64_t CountAt(size_t index) const;
  void AddAt(size_t index, int64_t count) {
    Page& page = PageOf(index);
    page[index % kPageCounters] += count;
    total_count_ += count;
  }
  // One past the last non-zero counter; 0 if all are zero.
  size_t UsedCounters() const;

  // Same shape and same counts (over- and under-range values count in their counters).
  friend bool operator==(const Histogram& a, const Histogram& b);
  friend bool operator!=(const Histogram& a, const Histogram& b) { return !(a == b); }

 private:
  static constexpr size_t kPageCounters = 256;
  using Page = std::array<int64_t, kPageCounters>;

  int64_t Clamp(int64_t value, int64_t count) {
    if (value > shape_.highest()) {
      over_range_count_ += count;
      return shape_.highest();
    }
    if (value < 0) {
      under_range_count_ += count;
      return 0;
    }
    return value;
  }
  Page& PageOf(size_t index) {
    Page* page = pages_[index / kPageCounters].get();
    return page != nullptr ? *page : MakePage(index);
  }

  Page& MakePage(size_t index);

  HistogramShape shape_;
  std::vector<std::unique_ptr<Page>> pages_;
  int64_t total_count_ = 0;
  int64_t over_range_count_ = 0;
  int64_t under_range_count_ = 0;
};

}  // namespace drumfire
