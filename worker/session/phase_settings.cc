#include "worker/session/phase_settings.h"

#include <algorithm>

#include "common/schedule/schedule.h"

namespace drumfire {
namespace {

// An open loop opens as many connections beforehand as it will need for so much of its rate, at
// most this many.
constexpr double kFirstWaveSeconds = 0.1;
constexpr uint32_t kMaxFirstWave = 64;

}  // namespace

PhaseSettings PhaseSettingsOf(const v1::Plan& plan, const v1::Prepare& prepare) {
  const v1::Phase& phase = plan.phases(static_cast<int>(prepare.phase()));
  PhaseSettings settings;
  settings.open_loop = IsOpenLoop(phase);
  settings.slots = prepare.slots();
  settings.duration_ns = phase.duration_ns();
  settings.grace_ns = phase.grace_period_ns();
  if (plan.connections().reuse() == v1::REUSE_POOLED) {
    settings.open_ahead_urls = static_cast<uint32_t>(plan.urls_size());
  }
  if (plan.late_policy() == v1::LATE_DROP) settings.drop_after_ns = plan.engine().late_after_ns();
  return settings;
}

uint32_t FirstConnections(const v1::Plan& plan, const v1::Phase& phase,
                          const PhaseSettings& settings, uint64_t granted) {
  const auto targets = static_cast<uint32_t>(plan.urls_size());
  if (plan.connections().reuse() == v1::REUSE_NEVER) return targets;
  if (!settings.open_loop) {
    return std::max(targets, static_cast<uint32_t>(std::min<uint64_t>(settings.slots, granted)));
  }
  const auto wave =
      static_cast<uint32_t>(std::min<double>(phase.request_rate() * kFirstWaveSeconds,
                                             settings.slots > 0 ? settings.slots : kMaxFirstWave));
  return std::max(targets, std::min(wave, kMaxFirstWave));
}

}  // namespace drumfire
