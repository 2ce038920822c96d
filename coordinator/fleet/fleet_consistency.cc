#include "coordinator/fleet/fleet_consistency.h"

#include <algorithm>
#include <functional>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/clock/clock.h"
#include "common/control/printable.h"
#include "common/plan/version.h"

namespace drumfire {
namespace {

constexpr size_t kNamedWorkers = 3;
constexpr size_t kNamedValues = 4;
constexpr size_t kLongestValue = 60;

using Workers = std::vector<WorkerDescription>;
using Groups = std::map<std::string, std::vector<std::string>>;  // value -> addresses

std::string Named(const std::vector<std::string>& addresses) {
  const size_t shown = std::min(kNamedWorkers, addresses.size());
  std::string text = absl::StrJoin(addresses.begin(), addresses.begin() + shown, ", ");
  if (addresses.size() > shown) absl::StrAppend(&text, " and ", addresses.size() - shown, " more");
  return text;
}

// value: empty = not reported.
Groups GroupBy(const Workers& workers,
               const std::function<std::string(const WorkerDescription&)>& value) {
  Groups groups;
  for (const WorkerDescription& worker : workers) {
    const std::string text = value(worker);
    if (!text.empty()) groups[text].push_back(worker.address);
  }
  return groups;
}

// "versions differ: 0.1.0 (a:1, b:1), 0.2.0 (c:1)".
void CheckEqual(absl::string_view what, const Groups& groups, std::vector<std::string>* findings) {
  if (groups.size() < 2) return;
  std::vector<std::string> parts;
  for (const auto& [value, addresses] : groups) {
    if (parts.size() == kNamedValues) break;
    parts.push_back(absl::StrCat(Printable(value, kLongestValue), " (", Named(addresses), ")"));
  }
  const size_t left_out = groups.size() - parts.size();
  findings->push_back(absl::StrCat(what, " differ: ", absl::StrJoin(parts, ", "),
                                   left_out > 0 ? absl::StrCat(" and ", left_out, " more") : ""));
}

template <typename Number>
std::string NumberOrNothing(Number number) {
  return number == 0 ? "" : absl::StrCat(number);
}

void CheckProtocol(const Workers& workers, std::vector<std::string>* findings) {
  const Groups groups = GroupBy(workers, [](const WorkerDescription& worker) {
    return absl::StrCat(worker.protocol_version);
  });
  for (const auto& [version, addresses] : groups) {
    if (version == absl::StrCat(kProtocolVersion)) continue;
    findings->push_back(absl::StrCat("protocol version ", version, " is not ours, ",
                                     kProtocolVersion, ": ", Named(addresses)));
  }
}

void CheckEachOnce(const Workers& workers, std::vector<std::string>* findings) {
  const Groups groups =
      GroupBy(workers, [](const WorkerDescription& worker) { return worker.instance_id; });
  for (const auto& [ignored, addresses] : groups) {
    if (addresses.size() < 2) continue;
    findings->push_back(
        absl::StrCat("the same worker under several addresses: ", Named(addresses)));
  }
}

// Certain range of a wall clock relative to ours: at least `from`, at most `to`.
struct ClockRange {
  std::string address;
  int64_t from_ns = 0;
  int64_t to_ns = 0;
};

void CheckWallClocks(const Workers& workers, std::vector<std::string>* findings) {
  std::vector<ClockRange> ranges = {{"this host", 0, 0}};
  for (const WorkerDescription& worker : workers) {
    if (!worker.wall_clock.has_value()) continue;
    const auto [offset_ns, bound_ns] = *worker.wall_clock;
    ranges.push_back({worker.address, offset_ns - bound_ns, offset_ns + bound_ns});
  }
  const auto ahead = std::max_element(
      ranges.begin(), ranges.end(),
      [](const ClockRange& a, const ClockRange& b) { return a.from_ns < b.from_ns; });
  const auto behind =
      std::min_element(ranges.begin(), ranges.end(),
                       [](const ClockRange& a, const ClockRange& b) { return a.to_ns < b.to_ns; });
  const int64_t apart_ns = ahead->from_ns - behind->to_ns;
  if (apart_ns <= kWallClocksApartNs) return;
  findings->push_back(
      absl::StrFormat("wall clocks differ: that of %s is at least %.1f ms ahead of that of %s",
                      ahead->address, static_cast<double>(apart_ns) / kNsPerMs, behind->address));
}

}  // namespace

std::vector<std::string> FindInconsistencies(const Workers& workers) {
  std::vector<std::string> findings;
  CheckEachOnce(workers, &findings);
  CheckProtocol(workers, &findings);
  CheckEqual("versions", GroupBy(workers, [](const auto& worker) { return worker.version; }),
             &findings);
  CheckEqual(
      "cores",
      GroupBy(workers, [](const auto& worker) { return NumberOrNothing(worker.limits.cores()); }),
      &findings);
  CheckEqual(
      "descriptors",
      GroupBy(workers,
              [](const auto& worker) { return NumberOrNothing(worker.limits.max_descriptors()); }),
      &findings);
  CheckEqual(
      "ephemeral ports",
      GroupBy(workers,
              [](const auto& worker) { return NumberOrNothing(worker.limits.ephemeral_ports()); }),
      &findings);
  CheckWallClocks(workers, &findings);
  return findings;
}

}  // namespace drumfire
