// Do the workers of a fleet agree? Pure functions over what each said of itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "coordinator/fleet/clock_reading.h"
#include "drumfire/v1/control.pb.h"

namespace drumfire {

// Wall clocks may be so far apart: they date what people read, and no duration comes from them. NTP
// keeps hosts well within.
constexpr int64_t kWallClocksApartNs = 10'000'000;

struct WorkerDescription {
  std::string address;
  std::string version;
  uint32_t protocol_version = 0;
  // Empty when it is not told.
  std::string instance_id;
  v1::HostLimits limits;
  // Against ours; nothing when it is not known.
  std::optional<ClockReading> wall_clock;
};

// One printable line each: another protocol than ours, versions, cores, descriptors or ports that
// differ, wall clocks certainly further apart than kWallClocksApartNs, a worker listed twice. Empty
// when the workers agree. What a worker does not tell (0, empty) differs from nothing.
std::vector<std::string> FindInconsistencies(const std::vector<WorkerDescription>& workers);

}  // namespace drumfire
