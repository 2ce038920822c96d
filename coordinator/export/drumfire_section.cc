// The "drumfire" object of profile_export_aiperf.json: whether the numbers can be believed, and
// why.
#include <cmath>
#include <set>

#include "absl/strings/str_join.h"
#include "common/clock/clock.h"
#include "common/plan/conversations.h"
#include "coordinator/export/json_parts.h"
#include "coordinator/export/stamp_source.h"
#include "coordinator/results/clock_figures.h"

namespace drumfire {
namespace {

Json VerdictJson(const Verdict& verdict) {
  Json json;
  json["status"] = std::string(NameOf(verdict.status));
  json["reasons"] = Json::array();
  for (const VerdictReason& reason : verdict.reasons) {
    Json item;
    item["level"] = std::string(NameOf(reason.level));
    item["fault"] = std::string(NameOf(reason.fault));
    item["check"] = reason.check;
    item["figure"] = reason.figure;
    item["bound"] = reason.bound;
    item["text"] = reason.text;
    if (!reason.cure.empty()) item["try"] = reason.cure;
    json["reasons"].push_back(std::move(item));
  }
  return json;
}

Json CountOrNull(uint64_t count, bool is_known) { return is_known ? Json(count) : Json(nullptr); }

Json CreditsJson(const CreditSums& credits) {
  Json json;
  json["scheduled"] = credits.scheduled;
  json["completed"] = credits.completed;
  json["failed"] = credits.failed;
  json["cancelled"] = credits.cancelled;
  json["dropped"] = credits.dropped;
  json["lost"] = CountOrNull(credits.lost, credits.lost_is_known);
  json["fate_unknown"] = credits.fate_unknown;
  json["unsent"] = credits.unsent;
  if (credits.unsent_turns > 0) json["unsent_turns"] = credits.unsent_turns;
  return json;
}

Json SessionsJson(const SessionSums& sessions) {
  Json json;
  json["scheduled"] = sessions.scheduled;
  json["completed"] = sessions.completed;
  json["ended_early"] = sessions.ended_early;
  json["dropped"] = sessions.dropped;
  json["lost"] = CountOrNull(sessions.lost, sessions.lost_is_known);
  json["fate_unknown"] = sessions.fate_unknown;
  return json;
}

Json RecordsJson(const RecordSums& records) {
  Json json;
  json["made"] = records.made;
  json["received"] = records.received;
  json["dropped"] = records.dropped;
  json["missing"] = records.missing;
  return json;
}

Json DelaysJson(const std::vector<MetricBlock>& blocks) {
  Json json = Json::object();
  for (const char* tag : {"schedule_delay", "credit_to_start_latency", "slot_wait"}) {
    const MetricBlock* block = FindBlock(blocks, tag);
    if (block != nullptr) json[tag] = BlockJson(*block);
  }
  return json;
}

Json LoadJson(const PhaseResult& phase) {
  const LoadFigures& load = phase.load;
  Json json;
  json["phase_window_sec"] = static_cast<double>(phase.window_ns) / kNsPerSecond;
  json["phase_window"] =
      "t = 0 of the phase to the end of its last response; all rates of the metrics divide by it";
  if (load.asked_rate > 0) json["asked_rate"] = load.asked_rate;
  if (load.scheduled_rate > 0) json["scheduled_rate"] = load.scheduled_rate;
  if (load.reached_rate > 0) json["reached_rate"] = load.reached_rate;
  if (load.rate_ratio > 0) json["rate_ratio"] = load.rate_ratio;
  if (load.client_rate_ratio > 0) json["client_rate_ratio"] = load.client_rate_ratio;
  json["rate_window"] = "first send to last send";
  if (load.asked_concurrency > 0) json["asked_concurrency"] = load.asked_concurrency;
  json["reached_concurrency"] = load.reached_concurrency;
  if (load.concurrency_ratio > 0) json["concurrency_ratio"] = load.concurrency_ratio;
  json["concurrency_window"] = "t = 0 to the send of the last first turn";
  json["mean_in_flight"] = load.mean_in_flight;
  if (load.gap_cv >= 0) json["gap_cv"] = load.gap_cv;
  if (load.expected_gap_cv >= 0) json["expected_gap_cv"] = load.expected_gap_cv;
  return json;
}

void AddNs(const char* key, int64_t ns, Json* json) {
  if (ns >= 0) (*json)[key] = ns;
}

Json InstrumentJson(const InstrumentFigures& figures) {
  Json json;
  AddNs("read_delay_p50_ns", figures.read_delay_p50_ns, &json);
  AddNs("read_delay_p99_ns", figures.read_delay_p99_ns, &json);
  AddNs("send_stamp_uncertainty_p50_ns", figures.send_uncertainty_p50_ns, &json);
  AddNs("send_stamp_uncertainty_p99_ns", figures.send_uncertainty_p99_ns, &json);
  json["gaps"] = figures.gaps;
  json["coalesced_chunks"] = figures.coalesced_chunks;
  json["coalesced_share"] = figures.coalesced_share;
  return json;
}

Json PromptsJson(const PromptFigures& figures) {
  Json json;
  json["requests"] = figures.requests;
  json["distinct"] = figures.distinct;
  json["repeated_share"] = figures.repeated_share;
  json["repeated_token_share"] = figures.repeated_token_share;
  if (figures.warmed_up > 0) json["sent_in_warmup"] = figures.warmed_up;
  if (!figures.cached_share.has_value()) return json;
  json["cached_share"] = *figures.cached_share;
  json["unplanned_cached_share"] = figures.unplanned_cached_share;
  return json;
}

Json StampsJson(const InstrumentFigures& figures) {
  Json json;
  json["source"] = std::string(StampSourceOf(figures));
  json["kernel_stamps"] = figures.kernel_stamps;
  json["refused_stamps"] = figures.refused_stamps;
  json["kernel_records"] = figures.kernel_records;
  json["user_records"] = figures.user_records;
  return json;
}

Json ConnectionsJson(const ConnectionTally& tally) {
  Json json;
  json["opened_for_requests"] = tally.opened;
  json["replacing_closed_ones"] = tally.replacing;
  json["requests_sent_again"] = tally.sent_again;
  if (tally.sent_again > 0) json["stale_p50_ms"] = tally.stale_ns.Percentile(50) / kNsPerMs;
  json["requests_with_segment_losses"] = tally.lossy;
  json["delayed_acks"] = tally.delayed_acks();
  if (tally.delayed_acks() > 0) {
    json["delayed_ack_p50_ms"] = tally.delayed_ack_ns.Percentile(50) / kNsPerMs;
  }
  return json;
}

Json HealthJson(const v1::WorkerHealth& health) {
  Json json;
  json["cpu_seconds"] = health.cpu_seconds();
  json["wall_seconds"] = health.wall_seconds();
  json["cores_allowed"] = health.cores_allowed();
  json["throttled_seconds"] = health.throttled_seconds();
  json["loop_stalls"] = health.loop_stalls();
  json["longest_stall_ns"] = health.longest_stall_ns();
  json["connects"] = health.connects();
  json["connects_in_phase"] = health.connects_in_phase();
  json["replacing_connects"] = health.replacing_connects();
  json["retries"] = health.retries();
  json["resident_bytes"] = health.resident_bytes();
  json["slot_waits"] = health.slot_waits();
  json["slot_wait_ns"] = health.slot_wait_ns();
  json["tokenizer_overflows"] = health.tokenizer_overflows();
  return json;
}

// By url: the proxy its requests went through, null = none.
Json ProxiesJson(const v1::WorkerFacts& facts) {
  Json json = Json::array();
  for (const std::string& proxy : facts.url_proxies()) {
    json.push_back(proxy.empty() ? Json() : Json(proxy));
  }
  return json;
}

Json WorkerJson(const WorkerAccount& account, const v1::WorkerClock* clock) {
  Json json;
  json["worker"] = account.worker;
  json["address"] = account.facts.address();
  json["epoch"] = account.facts.epoch();
  json["host"] = account.facts.limits().host_name();
  json["host_id"] = account.facts.limits().host_id();
  json["cores"] = account.facts.limits().cores();
  json["free_memory_bytes"] = account.facts.limits().free_memory_bytes();
  json["descriptors"] = account.facts.limits().max_descriptors();
  json["ephemeral_ports"] = account.facts.limits().ephemeral_ports();
  json["version"] = account.facts.version();
  json["engine"] = account.facts.engine();
  json["proxies"] = ProxiesJson(account.facts);
  json["lost"] = account.is_open ? Json(nullptr) : Json(account.is_lost);
  json["credits"] = CreditsJson(account.credits);
  json["records"] = RecordsJson(account.records);
  json["clock_offset_ns"] = account.start.clock_offset_ns();
  json["clock_error_ns"] = account.start.clock_error_ns();
  if (clock != nullptr) json["clock"] = WorkerClockJson(*clock);
  json["start_late_ns"] = account.start_late_ns;
  json["open_connections"] = account.start.open_connections();
  if (account.done.has_health()) json["health"] = HealthJson(account.done.health());
  if (account.is_lost || account.is_open) return json;
  json["bytes_sent"] = account.done.bytes_sent();
  json["bytes_received"] = account.done.bytes_received();
  return json;
}

Json WorkersJson(const RunResult& result) {
  Json json = Json::array();
  for (const WorkerAccount& account : result.profiling.accounts.workers) {
    json.push_back(WorkerJson(account, ClockOf(result.facts, account.worker)));
  }
  return json;
}

// "native", or all of them when workers differ.
std::string EngineOf(const Accounts& accounts) {
  std::set<std::string> engines;
  for (const WorkerAccount& account : accounts.workers) engines.insert(account.facts.engine());
  return absl::StrJoin(engines, ", ");
}

Json UrlsJson(const std::vector<UrlResult>& urls) {
  Json json = Json::array();
  for (const UrlResult& url : urls) {
    Json item;
    item["url"] = url.url;
    AddBlocks(url.blocks, &item["metrics"]);
    json.push_back(std::move(item));
  }
  return json;
}

Json GoalsJson(const std::vector<GoalResult>& goals) {
  Json json = Json::array();
  for (const GoalResult& goal : goals) {
    Json item;
    item["fail_if"] = GoalText(goal.goal);
    if (goal.value.has_value()) item["value"] = *goal.value;
    item["missed"] = goal.is_missed;
    json.push_back(std::move(item));
  }
  return json;
}

Json GoalMissesJson(const std::vector<GoalMiss>& misses) {
  Json json = Json::array();
  for (const GoalMiss& miss : misses) {
    Json item;
    item["metric"] = std::string(miss.goal.metric->tag);
    item["limit"] = miss.goal.metric->scale.ToDisplay(miss.goal.limit);
    item["missed"] = miss.missed;
    json.push_back(std::move(item));
  }
  return json;
}

}  // namespace

Json DrumfireJson(const RunResult& result) {
  const PhaseResult& phase = result.profiling;
  Json json;
  json["version"] = result.facts.version;
  json["run_id"] = Hex(result.facts.run_id);
  json["plan_hash"] = result.facts.plan_hash_hex;
  json["random_seed"] = result.facts.plan.seed();
  json["verdict"] = VerdictJson(result.verdict);
  json["credits"] = CreditsJson(phase.accounts.credits);
  if (HasConversations(result.facts.plan.dataset())) {
    json["sessions"] = SessionsJson(phase.accounts.sessions);
  }
  json["records"] = RecordsJson(phase.accounts.records);
  json["damaged_frames"] = result.facts.damaged_frames;
  json["load"] = LoadJson(phase);
  json["prompts"] = PromptsJson(phase.prompts);
  json["delays"] = DelaysJson(phase.blocks);
  json["instrument"] = InstrumentJson(phase.instrument);
  json["stamps"] = StampsJson(phase.instrument);
  json["connections"] = ConnectionsJson(phase.connections);
  json["engine"] = EngineOf(phase.accounts);
  json["clock"] = ClockJson(result);
  json["workers"] = WorkersJson(result);
  if (!result.urls.empty()) json["urls"] = UrlsJson(result.urls);
  if (!phase.goal_misses.empty()) json["goodput_misses"] = GoalMissesJson(phase.goal_misses);
  if (!result.goals.empty()) json["goals"] = GoalsJson(result.goals);
  if (!result.facts.early_end.empty()) json["early_end"] = result.facts.early_end;
  json["notes"] = result.notes;
  return json;
}

}  // namespace drumfire
