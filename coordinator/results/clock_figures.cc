#include "coordinator/results/clock_figures.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

namespace drumfire {
namespace {

std::string HostOf(const RunFacts& facts, uint32_t worker) {
  for (const v1::WorkerFacts& about : facts.workers) {
    if (about.worker() == worker) return about.limits().host_name();
  }
  return "";
}

}  // namespace

ClockFigures ClockFiguresOf(const RunFacts& facts) {
  ClockFigures figures;
  std::set<std::string> hosts;
  for (const v1::WorkerClock& clock : facts.clocks) {
    if (clock.probes() == 0) continue;
    ++figures.workers;
    hosts.insert(HostOf(facts, clock.worker()));
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
