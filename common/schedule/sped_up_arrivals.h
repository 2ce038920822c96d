// Another process, faster: every time divided by a factor.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "common/schedule/arrival_process.h"

namespace drumfire {

class SpedUpArrivals : public ArrivalProcess {
 public:
  // factor > 0; 2 halves all times.
  SpedUpArrivals(std::unique_ptr<ArrivalProcess> arrivals, double factor)
      : arrivals_(std::move(arrivals)), factor_(factor) {}

  int64_t At(uint64_t k) override {
    return static_cast<int64_t>(static_cast<long double>(arrivals_->At(k)) / factor_);
  }

 private:
  const std::unique_ptr<ArrivalProcess> arrivals_;
  const double factor_;
};

}  // namespace drumfire
