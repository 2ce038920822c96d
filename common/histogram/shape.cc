#include "common/histogram/shape.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

constexpr int kMaxDigits = 5;

int FloorLog2(int64_t value) { return 63 - __builtin_clzll(static_cast<uint64_t>(value)); }

// log2 of the counters a bucket needs so that two neighbouring ones differ by less than 10^-digits.
int BucketMagnitude(int digits) {
  int64_t largest_with_unit_resolution = 2;
  for (int i = 0; i < digits; ++i) largest_with_unit_resolution *= 10;
  return FloorLog2(largest_with_unit_resolution - 1) + 1;
}

// Each bucket doubles the range of the one before it.
size_t BucketsFor(int64_t highest, int64_t first_bucket_size) {
  size_t buckets = 1;
  int64_t smallest_untracked = first_bucket_size;
  while (smallest_untracked <= highest) {
    ++buckets;
    if (smallest_untracked > INT64_MAX / 2) break;
    smallest_untracked <<= 1;
  }
  return buckets;
}

}  // namespace

HistogramShape::HistogramShape()
    : HistogramShape(1, kDefaultHighestValue, kDefaultSignificantDigits) {}

HistogramShape::HistogramShape(int64_t lowest, int64_t highest, int digits)
    : lowest_(lowest), highest_(highest), digits_(digits) {
  const int magnitude = std::max(BucketMagnitude(digits), 1);
  unit_magnitude_ = FloorLog2(lowest);
  half_magnitude_ = magnitude - 1;
  leading_zeros_of_first_bucket_ = 64 - unit_magnitude_ - magnitude;
  const int64_t sub_buckets = int64_t{1} << magnitude;
  sub_bucket_mask_ = (sub_buckets - 1) << unit_magnitude_;
  const size_t buckets = BucketsFor(highest, sub_buckets << unit_magnitude_);
  counters_ = (buckets + 1) << half_magnitude_;
}

absl::StatusOr<HistogramShape> HistogramShape::Create(int64_t lowest, int64_t highest, int digits) {
  if (lowest < 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("histogram: lowest value ", lowest, " is below 1"));
  }
  if (digits < 0 || digits > kMaxDigits) {
    return absl::InvalidArgumentError(
        absl::StrCat("histogram: ", digits, " significant digits, expected 0..", kMaxDigits));
  }
  if (lowest > INT64_MAX / 2 || highest < 2 * lowest) {
    return absl::InvalidArgumentError(
        absl::StrCat("histogram: highest value ", highest, " is below twice the lowest, ", lowest));
  }
  if (FloorLog2(lowest) + std::max(BucketMagnitude(digits), 1) > 62) {
    return absl::InvalidArgumentError(absl::StrCat("histogram: ", digits, " digits from ", lowest,
                                                   " on do not fit into 63 bits"));
  }
  return HistogramShape(lowest, highest, digits);
}

int HistogramShape::ShiftOf(size_t index) const {
  const int bucket = std::max(0, static_cast<int>(index >> half_magnitude_) - 1);
  return bucket + unit_magnitude_;
}

int64_t HistogramShape::LowestEquivalent(size_t index) const {
  const int shift = ShiftOf(index);
  const size_t bucket = static_cast<size_t>(shift - unit_magnitude_);
  return static_cast<int64_t>(index - (bucket << half_magnitude_)) << shift;
}

int64_t HistogramShape::HighestEquivalent(size_t index) const {
  const uint64_t next =
      static_cast<uint64_t>(LowestEquivalent(index)) + (uint64_t{1} << ShiftOf(index));
  return static_cast<int64_t>(next - 1);
}

std::string HistogramShape::ToString() const {
  return absl::StrCat(lowest_, "..", highest_, ", ", digits_, " digits");
}

}  // namespace drumfire
