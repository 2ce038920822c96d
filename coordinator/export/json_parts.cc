#include "coordinator/export/json_parts.h"

#include <cmath>

#include "absl/strings/escaping.h"
#include "absl/time/time.h"

namespace drumfire {
namespace {

constexpr int kIndent = 2;

void AddStat(const MetricBlock& block, const char* stat, Json* json) {
  const double value = block.Stat(stat);
  if (std::isfinite(value)) (*json)[stat] = value;
}

}  // namespace

Json BlockJson(const MetricBlock& block) {
  Json json;
  json["unit"] = std::string(block.metric->unit);
  if (!block.has_stats()) {
    json["avg"] = block.value;
    return json;
  }
  for (const char* stat :
       {"avg", "p1", "p5", "p10", "p25", "p50", "p75", "p90", "p95", "p99", "min", "max", "std"}) {
    AddStat(block, stat, &json);
  }
  json["count"] = block.stats.count;
  AddStat(block, "sum", &json);
  return json;
}

void AddBlocks(const std::vector<MetricBlock>& blocks, Json* target) {
  for (const MetricBlock& block : blocks)
    (*target)[std::string(block.metric->tag)] = BlockJson(block);
}

Json ErrorJson(const ErrorDetails& details) {
  Json json;
  if (details.code != 0) json["code"] = details.code;
  json["type"] = details.type;
  json["message"] = details.message;
  return json;
}

std::string Pretty(const Json& json) {
  return json.dump(kIndent, ' ', false, Json::error_handler_t::replace);
}

std::string Compact(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string IsoLocalTime(int64_t wall_ns) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E6S", absl::FromUnixNanos(wall_ns),
                          absl::LocalTimeZone());
}

std::string Hex(absl::string_view bytes) { return absl::BytesToHexString(bytes); }

}  // namespace drumfire
