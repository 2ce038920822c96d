// Arrivals at the timestamps of the data set's entries: entry k is arrival k.
#include "common/schedule/arrival_process.h"

namespace drumfire {
namespace {

class TraceArrivals : public ArrivalProcess {
 public:
  explicit TraceArrivals(const Dataset* dataset) : dataset_(dataset) {}

  int64_t At(uint64_t k) override { return dataset_->Info(k).timestamp_ns; }

 private:
  const Dataset* const dataset_;
};

}  // namespace

std::unique_ptr<ArrivalProcess> MakeTraceArrivals(const ArrivalSettings& settings) {
  return std::make_unique<TraceArrivals>(settings.dataset);
}

}  // namespace drumfire
