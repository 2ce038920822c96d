#include "coordinator/results/clock_figures.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

namespace drumfire {
namespace {

// Who came back and took no part has no facts.
const v1::WorkerFacts* FactsOf(const RunFacts& facts, uint32_t worker) {
  for (const v1::WorkerFacts& about : facts.workers) {
    if (about.worker() == worker) return &about;
  }
  return nullptr;
}

// Containers of one host have different names, and hosts with the same image may share a name.
std::string HostOf(const v1::WorkerFacts& about) {
  const v1::HostLimits& limits = about.limits();
  return limits.host_id().empty() ? limits.host_name() : limits.host_id();
}

}  // namespace

ClockFigures ClockFiguresOf(const RunFacts& facts) {
  ClockFigures figures;
  std::set<std::string> hosts;
  for (const v1::WorkerClock& clock : facts.clocks) {
    const v1::WorkerFacts* about = FactsOf(facts, clock.worker());
    if (clock.probes() == 0 || about == nullptr) continue;
    ++figures.workers;
    hosts.insert(HostOf(*about));
    figures.worst_bound_ns =
        std::max({figures.worst_bound_ns, clock.start_bound_ns(), clock.end_bound_ns()});
    if (std::abs(clock.drift_ppm()) < std::abs(figures.worst_drift_ppm)) continue;
    figures.worst_drift_ppm = clock.drift_ppm();
    figures.worst_drift_bound_ppm = clock.drift_bound_ppm();
  }
  figures.hosts = static_cast<uint32_t>(hosts.size());
  return figures;
}

const v1::WorkerClock* ClockOf(const RunFacts& facts, uint32_t worker) {
  for (const v1::WorkerClock& clock : facts.clocks) {
    if (clock.worker() == worker) return &clock;
  }
  return nullptr;
}

}  // namespace drumfire
