// The number of workers that a load needs, by the bounds of docs/sizing.md.
#pragma once

#include <cstdint>

namespace drumfire {

struct SizedLoad {
  double requests_per_second = 0;
  double streams = 0;            // open at once
  double chunks_per_second = 0;  // 0 when nothing streams
  double first_wave = 0;         // requests that start together at t = 0
  double ttft_s = 0;
};

// At least 1. Uses the limits of a default Debian host; see the page for others.
uint32_t WorkersNeeded(const SizedLoad& load);

}  // namespace drumfire
