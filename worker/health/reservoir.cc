#include "worker/health/reservoir.h"

#include <algorithm>
#include <cmath>

namespace drumfire {

void Reservoir::Add(int64_t value) {
  ++count_;
  if (samples_.size() < max_samples_) {
    samples_.push_back(value);
    return;
  }
  const uint64_t slot = std::uniform_int_distribution<uint64_t>(0, count_ - 1)(random_);
  if (slot < max_samples_) samples_[slot] = value;
}

int64_t Reservoir::Quantile(double fraction) const {
  if (samples_.empty()) return -1;
  std::vector<int64_t> sorted = samples_;
  const auto rank = static_cast<size_t>(std::ceil(fraction * static_cast<double>(sorted.size())));
  const size_t index = std::clamp<size_t>(rank, 1, sorted.size()) - 1;
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<ptrdiff_t>(index), sorted.end());
  return sorted[index];
}

void Reservoir::Clear() {
  count_ = 0;
  samples_.clear();
}

}  // namespace drumfire
