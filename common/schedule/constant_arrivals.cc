// Arrivals at equal distances. Each time is computed from k alone, so no error adds up.
#include "common/clock/clock.h"
#include "common/schedule/arrival_process.h"

namespace drumfire {
namespace {

class ConstantArrivals : public ArrivalProcess {
 public:
  explicit ConstantArrivals(double rate_per_s) : rate_per_s_(rate_per_s) {}

  int64_t At(uint64_t k) override {
    const long double due_ns = static_cast<long double>(k) * kNsPerSecond / rate_per_s_;
    return static_cast<int64_t>(due_ns);
  }

 private:
  const double rate_per_s_;
};

}  // namespace

std::unique_ptr<ArrivalProcess> MakeConstantArrivals(const ArrivalSettings& settings) {
  return std::make_unique<ConstantArrivals>(settings.rate_per_s);
}

}  // namespace drumfire
