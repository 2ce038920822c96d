#include "coordinator/export/summary_json.h"

#include "coordinator/export/formats.h"
#include "coordinator/export/json_parts.h"

namespace drumfire {
namespace {

constexpr char kSchemaVersion[] = "1.4";
// The version whose files these are like.
constexpr char kAiperfVersion[] = "0.13.0";
constexpr size_t kBenchmarkIdLetters = 12;

std::string BenchmarkId(const RunFacts& facts) {
  return Hex(facts.run_id).substr(0, kBenchmarkIdLetters);
}

void AddBlocksOf(const std::vector<MetricBlock>& blocks, bool headline, Json* json) {
  for (const MetricBlock& block : blocks) {
    if (block.metric->headline == headline)
      (*json)[std::string(block.metric->tag)] = BlockJson(block);
  }
}

Json TelemetryJson(const std::string& start_time, const std::string& end_time) {
  Json json;
  json["summary"]["endpoints_configured"] = Json::array();
  json["summary"]["endpoints_successful"] = Json::array();
  json["summary"]["start_time"] = start_time;
  json["summary"]["end_time"] = end_time;
  json["endpoints"] = Json::object();
  json["error_summary"] = Json::array();
  return json;
}

Json RunInfoJson(const RunFacts& facts) {
  Json json;
  json["benchmark_id"] = BenchmarkId(facts);
  json["random_seed"] = facts.plan.seed();
  json["trial"] = 0;
  json["cli_command"] = facts.cli_command;
  return json;
}

Json ErrorSummaryJson(const std::vector<ErrorKind>& kinds) {
  Json json = Json::array();
  for (const ErrorKind& kind : kinds) {
    Json item;
    item["error_details"] = ErrorJson(kind.details);
    item["count"] = kind.count;
    json.push_back(std::move(item));
  }
  return json;
}

}  // namespace

std::string SummaryJson(const RunResult& result, const std::string& folder) {
  const PhaseResult& phase = result.profiling;
  const std::string start_time = IsoLocalTime(phase.wall_start_ns);
  const std::string end_time = IsoLocalTime(phase.wall_start_ns + phase.window_ns);
  Json json;
  json["schema_version"] = kSchemaVersion;
  json["aiperf_version"] = kAiperfVersion;
  json["benchmark_id"] = BenchmarkId(result.facts);
  AddBlocksOf(phase.blocks, true, &json);
  json["telemetry_data"] = TelemetryJson(start_time, end_time);
  json["input_config"] = InputConfigJson(result.facts.plan, folder);
  json["run_info"] = RunInfoJson(result.facts);
  json["was_cancelled"] = result.facts.was_cancelled;
  json["is_complete"] = result.is_complete;
  json["error_summary"] = ErrorSummaryJson(phase.errors);
  json["start_time"] = start_time;
  json["end_time"] = end_time;
  if (!result.warmup_blocks.empty()) AddBlocks(result.warmup_blocks, &json["warmup_metrics"]);
  AddBlocksOf(phase.blocks, false, &json);
  AddBlocks(phase.blocks, &json["metrics"]);
  json["drumfire"] = DrumfireJson(result);
  return Pretty(json);
}

extern constexpr ExportFormat kSummaryJsonFormat = {
    .base = ExportBase::kSummary, .suffix = ".json", .text = [](const ExportContext& context) {
      return SummaryJson(context.result, context.folder);
    }};

}  // namespace drumfire
