// Arrivals with independent random gaps (a renewal process): base of Poisson and gamma. Adds the
// gaps up from t = 0 with Kahan's compensation, so a time costs one draw per arrival passed.
#pragma once

#include <cstdint>

#include "common/schedule/arrival_process.h"

namespace drumfire {

class RandomGaps : public ArrivalProcess {
 public:
  int64_t At(uint64_t k) final;

 protected:
  // Seconds between arrivals k and k + 1.
  virtual double GapSeconds(uint64_t k) const = 0;

 private:
  uint64_t next_ = 0;     // the arrival that elapsed_s_ belongs to
  double elapsed_s_ = 0;  // sum of the gaps before it
  double compensation_s_ = 0;
};

}  // namespace drumfire
