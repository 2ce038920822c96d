// The shape of a HdrHistogram: its range and precision, and the arithmetic between values and
// counter indices. Published algorithm: G. Tene, HdrHistogram (http://hdrhistogram.org). Values are
// non-negative integers, ns by default. Immutable; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace drumfire {

constexpr int64_t kDefaultHighestValue = int64_t{24} * 3600 * 1'000'000'000;  // 24 h in ns
constexpr int kDefaultSignificantDigits = 3;

class HistogramShape {
 public:
  // 1 ns .. 24 h, 3 significant digits.
  HistogramShape();
  // lowest >= 1, highest >= 2 * lowest, digits 0..5 (as the Java library); InvalidArgument
  // otherwise.
  static absl::StatusOr<HistogramShape> Create(int64_t lowest, int64_t highest, int digits);

  int64_t lowest() const { return lowest_; }
  int64_t highest() const { return highest_; }
  int digits() const { return digits_; }
  // Counters that cover the range.
  size_t counters() const { return counters_; }

  // Counter of a value in 0..highest().
  size_t IndexOf(int64_t value) const {
    const int leading_zeros = __builtin_clzll(static_cast<uint64_t>(value | sub_bucket_mask_));
    const int bucket = leading_zeros_of_first_bucket_ - leading_zeros;
    const int64_t sub_bucket = value >> (bucket + unit_magnitude_);
    return static_cast<size_t>((static_cast<int64_t>(bucket) << half_magnitude_) + sub_bucket);
  }
  // Smallest and largest value that share the counter.
  int64_t LowestEquivalent(size_t index) const;
  int64_t HighestEquivalent(size_t index) const;

  // "1..86400000000000, 3 digits", for messages.
  std::string ToString() const;

  friend bool operator==(const HistogramShape& a, const HistogramShape& b) {
    return a.lowest_ == b.lowest_ && a.highest_ == b.highest_ && a.digits_ == b.digits_;
  }
  friend bool operator!=(const HistogramShape& a, const HistogramShape& b) { return !(a == b); }

 private:
  HistogramShape(int64_t lowest, int64_t highest, int digits);
  // log2 of the width of a counter.
  int ShiftOf(size_t index) const;

  int64_t lowest_;
  int64_t highest_;
  int digits_;
  int unit_magnitude_;  // log2 of the unit: values below 2^unit_magnitude_ share counter 0
  int half_magnitude_;  // log2 of half the counters of a bucket
  int leading_zeros_of_first_bucket_;
  int64_t sub_bucket_mask_;
  size_t counters_;
};

}  // namespace drumfire
