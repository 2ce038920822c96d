// Counter-based randomness: a draw is a pure function of (seed, stream, index, draw number), so any
// worker can compute the value for session k without the values before it, and one concern never
// disturbs another. Generator: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as
// 1, 2, 3", SC 2011).
#pragma once

#include <cstdint>

namespace drumfire {

// One stream a concern. The numbers are part of the schedule's contract: never renumber.
enum class RandomStream : uint32_t {
  kArrivals = 1,
  kInputLength = 2,
  kOutputLength = 3,
  kPromptText = 4,
  kModel = 5,
  kBlockText = 6,
  kRequestId = 7,
  kRunId = 8,
  kRedial = 9,
  kTurns = 10,
  kTurnDelay = 11,
  kTurnSeed = 12,
};

// The draws of one index of one stream. Cheap to make; copy freely; one thread each.
class Random {
 public:
  Random(uint64_t seed, RandomStream stream, uint64_t index)
      : seed_(seed), stream_(stream), index_(index) {}

  // 64 uniform bits.
  uint64_t Bits();
  // Uniform in [0, bound); bound > 0. Multiply-shift (bias below bound / 2^64).
  uint64_t Below(uint64_t bound);
  // Uniform in [0, 1), 53 bits.
  double Uniform();
  // Exponential of mean 1.
  double Exponential();
  // Standard normal (Box-Muller, one of the pair).
  double Normal();
  // Gamma of mean 1 with the given shape > 0 (Marsaglia and Tsang 2000; shape < 1 by their boost).
  double Gamma(double shape);

 private:
  uint64_t seed_;
  RandomStream stream_;
  uint64_t index_;
  uint32_t block_ = 0;
  bool has_second_half_ = false;
  uint64_t second_half_ = 0;
};

}  // namespace drumfire
