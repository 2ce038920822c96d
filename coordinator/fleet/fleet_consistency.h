// Checks that the workers of a fleet agree. Pure functions over the workers' descriptions of
// themselves.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "coordinator/fleet/clock_reading.h"
#include "drumfire/v1/control.pb.h"

namespace drumfire {

// Allowed difference between wall clocks. They are only used for dates in the output, not for
// durations; NTP keeps hosts well within.
constexpr int64_t kWallClocksApartNs = 10'000'000;

struct WorkerDescription {
  std::string address;
  std::string version;
  uint32_t protocol_version = 0;
  // Empty if not reported.
  std::string instance_id;
  v1::HostLimits limits;
  // Relative to ours; nothing if unknown.
  std::optional<ClockReading> wall_clock;
};

// One printable line per problem: a protocol other than ours, different versions, cores,
// descriptors or ports, wall clocks certainly further apart than kWallClocksApartNs, a worker
// listed twice. Empty if the workers agree. A value that a worker does not report (0, empty) is
// ignored.
std::vector<std::string> FindInconsistencies(const std::vector<WorkerDescription>& workers);

}  // namespace drumfire
