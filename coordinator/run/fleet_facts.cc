#include "coordinator/run/fleet_facts.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/fleet/fleet_consistency.h"

namespace drumfire {
namespace {

WorkerDescription Describe(const Member& member, int64_t now_ns) {
  WorkerDescription worker;
  worker.address = member.address();
  worker.version = member.ready.version();
  worker.protocol_version = member.ready.protocol_version();
  worker.limits = member.ready.limits();
  if (member.clock().probes() > 0) worker.wall_clock = member.clock().WallAt(now_ns);
  return worker;
}

}  // namespace

std::vector<std::string> ProxyNotes(const v1::Plan& plan, const Fleet& fleet) {
  std::map<std::pair<int, std::string>, uint32_t> workers;  // by url and proxy
  for (uint32_t worker = 0; worker < fleet.size(); ++worker) {
    const auto& proxies = fleet.member(worker).ready.url_proxies();
    for (int url = 0; url < std::min(proxies.size(), plan.urls_size()); ++url) {
      if (!proxies[url].empty()) ++workers[{url, proxies[url]}];
    }
  }
  std::vector<std::string> notes;
  for (const auto& [route, count] : workers) {
    const std::string who =
        count == fleet.size() ? "" : absl::StrCat(" on ", count, " of ", fleet.size(), " workers");
    notes.push_back(absl::StrCat("Requests to ", plan.urls(route.first), " go", who,
                                 " through the proxy ", route.second,
                                 ", which the environment names: its time is in all figures. "
                                 "--ignore-proxy connects directly."));
  }
  return notes;
}

std::vector<std::string> ConsistencyNotes(const Fleet& fleet, int64_t now_ns) {
  std::vector<WorkerDescription> workers;
  for (uint32_t worker = 0; worker < fleet.size(); ++worker) {
    workers.push_back(Describe(fleet.member(worker), now_ns));
  }
  std::vector<std::string> notes;
  for (const std::string& finding : FindInconsistencies(workers)) {
    notes.push_back(absl::StrCat("The workers do not agree: ", finding, "."));
  }
  return notes;
}

void AddClocks(const Fleet& fleet, int64_t now_ns, v1::RunEnd* end) {
  for (uint32_t worker = 0; worker < fleet.size(); ++worker) {
    if (fleet.member(worker).joining) continue;
    const ClockEstimate& clock = fleet.member(worker).clock();
    v1::WorkerClock* one = end->add_clocks();
    one->set_worker(worker);
    one->set_probes(clock.probes());
    if (clock.probes() == 0) continue;
    const ClockReading& last = clock.last();
    const ClockDrift drift = clock.Drift();
    one->set_round_trip_ns(clock.shortest_round_trip_ns());
    one->set_start_offset_ns(clock.first().offset_ns);
    one->set_start_bound_ns(clock.first().bound_ns);
    one->set_end_offset_ns(last.offset_ns);
    one->set_end_bound_ns(last.bound_ns);
    one->set_apart_ns(clock.apart_ns());
    one->set_drift_ppm(drift.ppm);
    one->set_drift_bound_ppm(drift.bound_ppm);
    one->set_wall_offset_ns(clock.WallAt(now_ns).offset_ns);
  }
}

}  // namespace drumfire
