// A uniform sample of bounded size from a stream of any length, for quantiles of the instrument's
// own errors (Vitter's algorithm R, 1985). No allocation once the bound is reached. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace drumfire {

class Reservoir {
 public:
  // max_samples > 0.
  explicit Reservoir(size_t max_samples = 4096) : max_samples_(max_samples) {}

  void Add(int64_t value);
  // Nearest rank; fraction in [0, 1]. -1 if nothing was added.
  int64_t Quantile(double fraction) const;
  // Clears the sample for a new phase.
  void Clear();

  // Number of values added, kept or not.
  uint64_t count() const { return count_; }

 private:
  size_t max_samples_;
  uint64_t count_ = 0;
  std::vector<int64_t> samples_;
  std::minstd_rand random_;
};

}  // namespace drumfire
