// Pieces that several JSON files share. Key order is AIPerf's; what has no value is left out (no
// null, no NaN).
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "coordinator/results/run_result.h"
#include "nlohmann/json.hpp"

namespace drumfire {

using Json = nlohmann::ordered_json;

// {unit, avg, p1 .. p99, min, max, std, count, sum}, or {unit, avg} for metrics of one value.
Json BlockJson(const MetricBlock& block);
// Sets target[tag] for each block.
void AddBlocks(const std::vector<MetricBlock>& blocks, Json* target);
// {code?, type, message}
Json ErrorJson(const ErrorDetails& details);
// What was asked for, in AIPerf's words. folder: of the artifacts.
Json InputConfigJson(const v1::Plan& plan, const std::string& folder);
// How well the workers' clocks were known.
Json ClockJson(const RunResult& result);
Json WorkerClockJson(const v1::WorkerClock& clock);
// Everything that is Drumfire's own.
Json DrumfireJson(const RunResult& result);

// Two spaces deep, UTF-8; bytes that are not UTF-8 become U+FFFD.
std::string Pretty(const Json& json);
// One line.
std::string Compact(const Json& json);

// Local time, ISO 8601 with microseconds and no zone, as AIPerf writes it.
std::string IsoLocalTime(int64_t wall_ns);
// Lower-case hex of raw bytes.
std::string Hex(absl::string_view bytes);

}  // namespace drumfire
