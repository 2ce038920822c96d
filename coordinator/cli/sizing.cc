#include "coordinator/cli/sizing.h"

#include <algorithm>
#include <cmath>

namespace drumfire {
namespace {

// Figures of docs/sizing.md.
constexpr double kIoSecondsPerRequest = 6e-6;
constexpr double kIoSecondsPerChunk = 4.5e-6;
constexpr double kIoCoreShare = 0.5;
constexpr double kSendSeconds = 9e-6;
constexpr double kLongestWaveSeconds = 0.05;
constexpr double kWaveShareOfTtft = 0.1;
constexpr double kPortsPerAddress = 28'232;

double IoWorkers(const SizedLoad& load) {
  return (kIoSecondsPerRequest * load.requests_per_second +
          kIoSecondsPerChunk * load.chunks_per_second) /
         kIoCoreShare;
}

double WaveWorkers(const SizedLoad& load) {
  if (load.ttft_s <= 0) return 0;
  return kSendSeconds * load.first_wave /
         std::min(kLongestWaveSeconds, kWaveShareOfTtft * load.ttft_s);
}

}  // namespace

uint32_t WorkersNeeded(const SizedLoad& load) {
  const double most =
      std::max({IoWorkers(load), WaveWorkers(load), load.streams / kPortsPerAddress});
  return static_cast<uint32_t>(std::max(1.0, std::ceil(most)));
}

}  // namespace drumfire
