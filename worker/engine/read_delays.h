// A uniform sample of bounded size of read delays: read time minus the kernel's stamp, ns.
// Reservoir sampling (Vitter, "Random sampling with a reservoir", algorithm R): every value since
// the last Take is equally likely to be in the sample.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace drumfire {

class ReadDelays {
 public:
  explicit ReadDelays(size_t capacity) : capacity_(capacity) {}

  void Add(int64_t delay_ns) {
    ++seen_;
    if (samples_.size() < capacity_) {
      samples_.push_back(delay_ns);
      return;
    }
    const uint64_t place = NextRandom() % seen_;
    if (place < capacity_) samples_[place] = delay_ns;
  }

  std::vector<int64_t> Take() {
    seen_ = 0;
    return std::exchange(samples_, {});
  }

 private:
  // xorshift64: a few instructions, as this runs for every read.
  uint64_t NextRandom() {
    random_ ^= random_ << 13;
    random_ ^= random_ >> 7;
    random_ ^= random_ << 17;
    return random_;
  }

  const size_t capacity_;
  uint64_t seen_ = 0;
  uint64_t random_ = 0x9E3779B97F4A7C15;
  std::vector<int64_t> samples_;
};

}  // namespace drumfire
