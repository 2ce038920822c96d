// AIPerf's input_config, from the plan: only what was set.
#include "common/clock/clock.h"
#include "common/dialect/dialect.h"
#include "common/schedule/arrival_shapes.h"
#include "coordinator/export/json_parts.h"

namespace drumfire {
namespace {

std::string PhaseTypeName(const v1::Phase& phase) {
  const ArrivalShape* shape = FindArrivalShape(phase);
  return std::string(shape == nullptr ? "concurrency" : shape->name);
}

Json ModelsJson(const v1::Plan& plan) {
  Json items = Json::array();
  for (const std::string& model : plan.models()) items.push_back({{"name", model}});
  Json json;
  json["items"] = std::move(items);
  return json;
}

Json EndpointJson(const v1::Plan& plan) {
  Json json;
  json["urls"] = Json::array();
  for (const std::string& url : plan.urls()) json["urls"].push_back(url);
  json["type"] = DialectOf(plan.endpoint()).name;
  if (plan.endpoint().streaming()) json["streaming"] = true;
  return json;
}

Json LengthJson(double mean, double stddev) {
  Json json;
  json["mean"] = mean;
  if (stddev > 0) json["stddev"] = stddev;
  return json;
}

Json PromptPlanJson(const v1::Plan& plan) {
  const v1::Dataset& dataset = plan.dataset();
  Json json;
  json["isl"] = LengthJson(dataset.isl_mean(), dataset.isl_stddev());
  if (dataset.osl_mean() > 0) json["osl"] = LengthJson(dataset.osl_mean(), dataset.osl_stddev());
  if (plan.endpoint().batch_size() > 1) json["batch_size"] = plan.endpoint().batch_size();
  return json;
}

// 0 = only the clock bounds them.
uint64_t EntriesOf(const v1::Plan& plan) {
  if (plan.dataset().entries() > 0) return plan.dataset().entries();
  return plan.phases().empty() ? 0 : plan.phases().rbegin()->request_count();
}

Json DatasetJson(const v1::Plan& plan) {
  const v1::Dataset& dataset = plan.dataset();
  const bool is_synthetic = dataset.kind() == v1::DATASET_SYNTHETIC;
  Json json;
  json["name"] = "main";
  json["type"] = is_synthetic ? "synthetic" : "file";
  if (!is_synthetic)
    json["format"] = dataset.kind() == v1::DATASET_MOONCAKE ? "mooncake_trace" : "single_turn";
  const uint64_t entries = EntriesOf(plan);
  if (entries > 0) json["entries"] = entries;
  json["random_seed"] = plan.seed();
  if (is_synthetic) json["prompts"] = PromptPlanJson(plan);
  return json;
}

Json PhaseJson(const v1::Phase& phase) {
  const bool is_warmup = phase.kind() == v1::PHASE_WARMUP;
  Json json;
  json["name"] = phase.name();
  json["kind"] = is_warmup ? "warmup" : "profiling";
  json["type"] = PhaseTypeName(phase);
  if (is_warmup) json["exclude_from_results"] = true;
  if (phase.request_count() > 0) json["requests"] = phase.request_count();
  if (phase.session_count() > 0) json["sessions"] = phase.session_count();
  if (phase.duration_ns() > 0)
    json["duration"] = static_cast<double>(phase.duration_ns()) / kNsPerSecond;
  if (phase.concurrency() > 0) json["concurrency"] = phase.concurrency();
  if (phase.mode() == v1::LOAD_RATE) json["rate"] = phase.request_rate();
  if (phase.arrival_pattern() == v1::ARRIVAL_GAMMA) json["smoothness"] = phase.arrival_smoothness();
  return json;
}

}  // namespace

Json InputConfigJson(const v1::Plan& plan, const std::string& folder) {
  Json json;
  json["models"] = ModelsJson(plan);
  json["endpoint"] = EndpointJson(plan);
  json["datasets"] = Json::array({DatasetJson(plan)});
  json["phases"] = Json::array();
  for (const v1::Phase& phase : plan.phases()) json["phases"].push_back(PhaseJson(phase));
  json["artifacts"]["dir"] = folder;
  if (plan.report().slice_ns() > 0) {
    json["artifacts"]["slice_duration"] =
        static_cast<double>(plan.report().slice_ns()) / kNsPerSecond;
  }
  for (const v1::Goal& goal : plan.report().goodput()) json["slos"][goal.metric()] = goal.value();
  if (!plan.tokenizer().name().empty()) json["tokenizer"]["name"] = plan.tokenizer().name();
  return json;
}

}  // namespace drumfire
