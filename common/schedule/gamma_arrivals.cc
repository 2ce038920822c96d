// Gamma arrivals: gaps of mean 1 / rate whose shape is the smoothness. 1 is Poisson, above is more
// regular, below burstier.
#include "common/schedule/random_gaps.h"

namespace drumfire {
namespace {

class GammaArrivals : public RandomGaps {
 public:
  explicit GammaArrivals(const ArrivalSettings& settings)
      : draws_(settings.draws),
        mean_s_(1 / settings.rate_per_s),
        smoothness_(settings.smoothness) {}

 private:
  double GapSeconds(uint64_t k) const override {
    return mean_s_ * draws_.Of(RandomStream::kArrivals, k).Gamma(smoothness_);
  }

  const PhaseDraws draws_;
  const double mean_s_;
  const double smoothness_;
};

}  // namespace

std::unique_ptr<ArrivalProcess> MakeGammaArrivals(const ArrivalSettings& settings) {
  return std::make_unique<GammaArrivals>(settings);
}

}  // namespace drumfire
