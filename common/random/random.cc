#include "common/random/random.h"

#include <array>
#include <cmath>
#include <numbers>

namespace drumfire {
namespace {

using Block = std::array<uint32_t, 4>;

Block Philox4x32(Block counter, uint32_t key0, uint32_t key1) {
  constexpr uint64_t kMultiplier0 = 0xD2511F53, kMultiplier1 = 0xCD9E8D57;
  constexpr uint32_t kWeyl0 = 0x9E3779B9, kWeyl1 = 0xBB67AE85;
  for (int round = 0; round < 10; ++round) {
    const uint64_t product0 = kMultiplier0 * counter[0];
    const uint64_t product1 = kMultiplier1 * counter[2];
    counter = {
        static_cast<uint32_t>(product1 >> 32) ^ counter[1] ^ key0, static_cast<uint32_t>(product1),
        static_cast<uint32_t>(product0 >> 32) ^ counter[3] ^ key1, static_cast<uint32_t>(product0)};
    key0 += kWeyl0;
    key1 += kWeyl1;
  }
  return counter;
}

uint64_t Join(uint32_t low, uint32_t high) { return (static_cast<uint64_t>(high) << 32) | low; }

}  // namespace

uint64_t Random::Bits() {
  if (has_second_half_) {
    has_second_half_ = false;
    return second_half_;
  }
  const Block out = Philox4x32({static_cast<uint32_t>(index_), static_cast<uint32_t>(index_ >> 32),
                                block_++, static_cast<uint32_t>(stream_)},
                               static_cast<uint32_t>(seed_), static_cast<uint32_t>(seed_ >> 32));
  second_half_ = Join(out[2], out[3]);
  has_second_half_ = true;
  return Join(out[0], out[1]);
}

uint64_t Random::Below(uint64_t bound) {
  return static_cast<uint64_t>((static_cast<unsigned __int128>(Bits()) * bound) >> 64);
}

double Random::Uniform() { return static_cast<double>(Bits() >> 11) * 0x1.0p-53; }

double Random::Exponential() { return -std::log1p(-Uniform()); }

double Random::Normal() {
  const double radius = std::sqrt(2 * Exponential());
  return radius * std::cos(2 * std::numbers::pi * Uniform());
}

double Random::Gamma(double shape) {
  if (shape < 1) {
    const double boost = std::pow(1 - Uniform(), 1 / shape);
    return Gamma(shape + 1) * (shape + 1) / shape * boost;
  }
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  while (true) {
    const double x = Normal();
    const double v = std::pow(1 + c * x, 3);
    if (v <= 0) continue;
    const double u = 1 - Uniform();
    if (std::log(u) < 0.5 * x * x + d - d * v + d * std::log(v)) return d * v / shape;
  }
}

}  // namespace drumfire
