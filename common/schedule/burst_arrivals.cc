// All arrivals at once.
#include "common/schedule/arrival_process.h"

namespace drumfire {
namespace {

class BurstArrivals : public ArrivalProcess {
 public:
  int64_t At(uint64_t) override { return 0; }
};

}  // namespace

std::unique_ptr<ArrivalProcess> MakeBurstArrivals(const ArrivalSettings&) {
  return std::make_unique<BurstArrivals>();
}

}  // namespace drumfire
