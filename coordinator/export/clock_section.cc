// What the "drumfire" object says of clocks.
#include <algorithm>

#include "coordinator/export/json_parts.h"
#include "coordinator/results/clock_figures.h"

namespace drumfire {

Json ClockJson(const RunResult& result) {
  int64_t start_bound_ns = 0;
  for (const WorkerAccount& account : result.profiling.accounts.workers) {
    start_bound_ns = std::max(start_bound_ns, account.start.clock_error_ns());
  }
  Json json;
  json["durations"] = "monotonic clock of the worker that sent the request; never across hosts";
  json["start_error_bound_ns"] = start_bound_ns;
  const ClockFigures figures = ClockFiguresOf(result.facts);
  if (figures.workers == 0) return json;
  json["hosts"] = figures.hosts;
  json["worst_bound_ns"] = figures.worst_bound_ns;
  json["worst_drift_ppm"] = figures.worst_drift_ppm;
  json["worst_drift_bound_ppm"] = figures.worst_drift_bound_ppm;
  return json;
}

Json WorkerClockJson(const v1::WorkerClock& clock) {
  Json json;
  json["probes"] = clock.probes();
  if (clock.probes() == 0) return json;
  json["round_trip_ns"] = clock.round_trip_ns();
  json["start_offset_ns"] = clock.start_offset_ns();
  json["start_bound_ns"] = clock.start_bound_ns();
  json["end_offset_ns"] = clock.end_offset_ns();
  json["end_bound_ns"] = clock.end_bound_ns();
  json["apart_ns"] = clock.apart_ns();
  json["drift_ppm"] = clock.drift_ppm();
  json["drift_bound_ppm"] = clock.drift_bound_ppm();
  json["wall_offset_ns"] = clock.wall_offset_ns();
  return json;
}

}  // namespace drumfire
