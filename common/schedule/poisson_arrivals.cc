// Poisson arrivals: exponential gaps of mean 1 / rate.
#include "common/schedule/random_gaps.h"

namespace drumfire {
namespace {

class PoissonArrivals : public RandomGaps {
 public:
  explicit PoissonArrivals(const ArrivalSettings& settings)
      : draws_(settings.draws), mean_s_(1 / settings.rate_per_s) {}

 private:
  double GapSeconds(uint64_t k) const override {
    return mean_s_ * draws_.Of(RandomStream::kArrivals, k).Exponential();
  }

  const PhaseDraws draws_;
  const double mean_s_;
};

}  // namespace

std::unique_ptr<ArrivalProcess> MakePoissonArrivals(const ArrivalSettings& settings) {
  return std::make_unique<PoissonArrivals>(settings);
}

}  // namespace drumfire
