#include "coordinator/fleet/redial.h"

#include <algorithm>

namespace drumfire {

// Between half of the pause and the whole.
void Redial::Wait(int64_t now_ns, double draw) {
  next_ns_ = now_ns + static_cast<int64_t>(static_cast<double>(pause_ns_) * (1 + draw) / 2);
  pause_ns_ = std::min(2 * pause_ns_, kLongestRedialPauseNs);
}

void Redial::Begin(int64_t deadline_ns) {
  under_way_ = true;
  ++begun_;
  next_ns_ = deadline_ns;
}

void Redial::Fail(int64_t now_ns, double draw) {
  under_way_ = false;
  Wait(now_ns, draw);
}

}  // namespace drumfire
