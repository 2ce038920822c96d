#include "coordinator/results/judged_figures.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/clock/clock.h"
#include "coordinator/results/load_figures.h"
#include "coordinator/results/share.h"

namespace drumfire {
namespace {

// The table of errors has the whole text.
constexpr size_t kMaxCauseBytes = 100;

void TakeWorst(int64_t candidate_ns, int64_t* worst_ns) {
  *worst_ns = std::max(*worst_ns, candidate_ns);
}

void TakeHiccups(const v1::WorkerHealth& health, VerdictInputs* inputs) {
  inputs->loop_stalls += health.loop_stalls();
  inputs->hiccups_measured = inputs->hiccups_measured || health.hiccup_p99_ns() > 0;
  const double seconds = static_cast<double>(health.hiccup_ns()) / kNsPerSecond;
  const double share = Share(seconds, health.wall_seconds());
  if (share > inputs->hiccup_share) inputs->hiccups = health.hiccups();
  inputs->hiccup_share = std::max(inputs->hiccup_share, share);
  inputs->longest_hiccup_ms = std::max(inputs->longest_hiccup_ms,
                                       static_cast<double>(health.longest_hiccup_ns()) / kNsPerMs);
}

void TakeHost(const v1::WorkerHealth& health, VerdictInputs* inputs) {
  const double allowed_seconds = health.wall_seconds() * health.cores_allowed();
  inputs->other_cpu_share =
      std::max(inputs->other_cpu_share, Share(health.other_cpu_seconds(), allowed_seconds));
  inputs->other_cpu_cores =
      std::max(inputs->other_cpu_cores, Share(health.other_cpu_seconds(), health.wall_seconds()));
  inputs->stolen_cpu_share =
      std::max(inputs->stolen_cpu_share, Share(health.stolen_cpu_seconds(), allowed_seconds));
}

// The kernel adds up the waits of each core.
double ThrottledShare(const v1::WorkerHealth& health) {
  return std::min(1.0, Share(health.throttled_seconds(), health.wall_seconds()));
}

// The worst worker counts, since one that stalls spoils the run.
void TakeHealth(const v1::WorkerHealth& health, VerdictInputs* inputs) {
  const double allowed_seconds = health.wall_seconds() * health.cores_allowed();
  inputs->cpu_share = std::max(inputs->cpu_share, Share(health.cpu_seconds(), allowed_seconds));
  inputs->throttled_share = std::max(inputs->throttled_share, ThrottledShare(health));
  inputs->records_dropped += health.records_dropped();
  inputs->tokenizer_overflows += health.tokenizer_overflows();
  inputs->stamps += health.kernel_stamps() + health.refused_stamps();
  inputs->refused_stamps += health.refused_stamps();
  TakeHiccups(health, inputs);
  TakeHost(health, inputs);
}

uint64_t NetworkErrors(const ErrorSummary& errors) {
  uint64_t count = 0;
  for (const v1::ErrorClass error_class :
       {v1::ERROR_REFUSED, v1::ERROR_RESET, v1::ERROR_CONNECT_TIMEOUT, v1::ERROR_TLS, v1::ERROR_DNS,
        v1::ERROR_TRUNCATED}) {
    count += errors.CountOf(error_class);
  }
  return count;
}

double Median(const Distribution& values) { return values.Percentile(50); }

// 0 = the run has no such values.
double FigureMs(const MetricSummary& summary, absl::string_view tag,
                double (*figure)(const Distribution&)) {
  const Distribution* values = summary.Find(tag);
  return values == nullptr || values->count() == 0 ? 0 : figure(*values) / kNsPerMs;
}

double ResponseP50Ms(const MetricSummary& summary) {
  const double ttft_ms = FigureMs(summary, "time_to_first_token", Median);
  return ttft_ms > 0 ? ttft_ms : FigureMs(summary, "request_latency", Median);
}

// A first wave that is out before its responses end only decides when each slot starts; the full
// concurrency is there all the same.
bool IsForgiven(const SendDelay& delay, const MetricSummary& summary) {
  const double latency_ms = FigureMs(summary, "request_latency", Median);
  return static_cast<double>(delay.first_wave_longest_ns) <= latency_ms * kNsPerMs;
}

void TakeClosedLoop(const PhaseResult& profiling, const PhaseTally& tally, VerdictInputs* inputs) {
  const SendDelay& delay = tally.send_delay;
  const double slots = profiling.load.asked_concurrency;
  const double forgiven_ns = IsForgiven(delay, tally.summary) ? delay.first_wave_ns : 0;
  const double lost_ns = delay.later_ns + delay.first_wave_ns - forgiven_ns;
  inputs->slot_loss_share = Share(lost_ns, slots * static_cast<double>(profiling.window_ns));
  if (inputs->concurrency_ratio <= 0) return;
  const auto sending_ns = static_cast<double>(tally.in_flight.last_begin_ns());
  inputs->sending_ms = sending_ns / kNsPerMs;
  inputs->concurrency_ratio =
      std::min(1.0, inputs->concurrency_ratio + Share(forgiven_ns, slots * sending_ns));
}

std::string FirstCauseOf(const std::vector<ErrorKind>& errors) {
  for (const ErrorKind& kind : errors) {
    if (IsCancellation(kind.details)) continue;
    std::string text = kind.details.type;
    if (kind.details.code > 0) text = absl::StrCat(kind.details.code, " ", text);
    if (!kind.details.message.empty()) absl::StrAppend(&text, ": ", kind.details.message);
    if (text.size() > kMaxCauseBytes)
      text = absl::StrCat(text.substr(0, kMaxCauseBytes - 3), "...");
    return text;
  }
  return "unknown";
}

}  // namespace

InstrumentFigures MeasureInstrument(const StampTally& stamps, const Accounts& accounts) {
  InstrumentFigures figures;
  figures.gaps = stamps.gaps;
  figures.coalesced_chunks = stamps.coalesced_chunks;
  figures.coalesced_share =
      Share(static_cast<double>(stamps.coalesced_chunks), static_cast<double>(stamps.gaps));
  figures.kernel_records = stamps.kernel_records;
  figures.user_records = stamps.user_records;
  for (const WorkerAccount& account : accounts.workers) {
    if (account.is_lost || account.is_open) continue;
    const v1::WorkerHealth& health = account.done.health();
    TakeWorst(health.read_delay_p50_ns(), &figures.read_delay_p50_ns);
    TakeWorst(health.read_delay_p99_ns(), &figures.read_delay_p99_ns);
    TakeWorst(health.send_uncertainty_p50_ns(), &figures.send_uncertainty_p50_ns);
    TakeWorst(health.send_uncertainty_p99_ns(), &figures.send_uncertainty_p99_ns);
    figures.kernel_stamps += health.kernel_stamps();
    figures.refused_stamps += health.refused_stamps();
  }
  return figures;
}

VerdictInputs GatherVerdictInputs(const v1::Plan& plan, const PhaseResult& profiling,
                                  const PhaseTally& tally) {
  VerdictInputs inputs;
  for (const WorkerAccount& account : profiling.accounts.workers) {
    inputs.lost_workers += account.is_lost ? 1 : 0;
    TakeHealth(account.done.health(), &inputs);
  }
  inputs.loss_is_allowed = plan.loss().action() == v1::LOSS_CONTINUE;
  inputs.lost_requests = profiling.accounts.credits.lost;
  inputs.fate_unknown = profiling.accounts.credits.fate_unknown;
  inputs.unsent_turns_of_lost = profiling.accounts.unsent_turns_of_lost;
  inputs.rate_ratio = profiling.load.rate_ratio;
  inputs.client_rate_ratio = profiling.load.client_rate_ratio;
  inputs.unsent = tally.spans.unsent;
  inputs.concurrency_ratio = profiling.load.concurrency_ratio;
  inputs.send_delay_p99_ms = JudgedP99(tally.send_delay.values_ns) / kNsPerMs;
  inputs.connect_wait_p99_ms = FigureMs(tally.summary, "credit_to_start_latency", JudgedP99);
  inputs.response_p50_ms = ResponseP50Ms(tally.summary);
  inputs.is_closed_loop = IsClosedLoop(plan.phases(static_cast<int>(profiling.index)));
  inputs.has_cap = profiling.load.asked_concurrency > 0;
  if (inputs.is_closed_loop) TakeClosedLoop(profiling, tally, &inputs);
  inputs.coalesced_share = profiling.instrument.coalesced_share;
  inputs.own_coalesced_share = Share(static_cast<double>(tally.stamps.own_coalesced_chunks),
                                     static_cast<double>(tally.stamps.gaps));
  inputs.lossy_requests = tally.connections.lossy;
  inputs.delayed_ack_share = tally.connections.DelayedAckShare();
  inputs.clear_delayed_ack_share = tally.connections.ClearDelayedAckShare();
  inputs.delayed_ack_median_ms = tally.connections.delayed_ack_ns.Percentile(50) / kNsPerMs;
  inputs.quick_ack = plan.connections().quick_ack();
  inputs.requests = static_cast<uint64_t>(profiling.totals.completed + profiling.totals.errors());
  inputs.nothing_measured = profiling.totals.completed + profiling.totals.failed == 0;
  inputs.completed = static_cast<uint64_t>(profiling.totals.completed);
  inputs.first_cause = FirstCauseOf(profiling.errors);
  inputs.client_errors = tally.errors.CountOf(v1::ERROR_CLIENT_LIMIT);
  inputs.errors = static_cast<uint64_t>(profiling.totals.failed) - inputs.client_errors;
  inputs.network_errors = NetworkErrors(tally.errors);
  inputs.unplanned_cached_share = profiling.prompts.unplanned_cached_share;
  inputs.cached_share = profiling.prompts.cached_share.value_or(0);
  inputs.seed_makes_prompts = plan.dataset().kind() != v1::DATASET_SINGLE_TURN;
  inputs.replaced = plan.connections().reuse() == v1::REUSE_NEVER ? 0 : tally.connections.replacing;
  inputs.tokenizer_assumed = plan.tokenizer().assumed() && tally.stamps.tokens_from_tokenizer > 0;
  return inputs;
}

}  // namespace drumfire
