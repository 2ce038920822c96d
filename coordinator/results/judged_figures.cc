#include "coordinator/results/judged_figures.h"

#include <algorithm>

namespace drumfire {
namespace {

constexpr double kNsPerMs = 1e6;

double Share(double part, double whole) { return whole > 0 ? part / whole : 0; }

void TakeWorst(int64_t candidate_ns, int64_t* worst_ns) {
  *worst_ns = std::max(*worst_ns, candidate_ns);
}

// The worst worker counts: one that stalls spoils the run.
void TakeHealth(const v1::WorkerHealth& health, VerdictInputs* inputs) {
  inputs->loop_stalls += health.loop_stalls();
  inputs->longest_stall_ms =
      std::max(inputs->longest_stall_ms, health.longest_stall_ns() / kNsPerMs);
  const double allowed_seconds = health.wall_seconds() * health.cores_allowed();
  inputs->cpu_share = std::max(inputs->cpu_share, Share(health.cpu_seconds(), allowed_seconds));
  inputs->throttled_share =
      std::max(inputs->throttled_share, Share(health.throttled_seconds(), health.wall_seconds()));
  inputs->records_dropped += health.records_dropped();
  inputs->tokenizer_overflows += health.tokenizer_overflows();
  inputs->stamps += health.kernel_stamps() + health.refused_stamps();
  inputs->refused_stamps += health.refused_stamps();
  inputs->connects += health.connects_in_phase();
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

double PercentileMs(const MetricSummary& summary, absl::string_view tag, double percentile) {
  const Distribution* distribution = summary.Find(tag);
  return distribution == nullptr || distribution->count() == 0
             ? 0
             : distribution->Percentile(percentile) / kNsPerMs;
}

// Reads that come later than the chunks are apart put several into one read by themselves.
bool ReadsAreLate(const PhaseResult& profiling, const MetricSummary& summary) {
  const double gap_p50_ms = PercentileMs(summary, "inter_token_latency", 50);
  return gap_p50_ms > 0 && profiling.instrument.read_delay_p99_ns / kNsPerMs > gap_p50_ms;
}

}  // namespace

InstrumentFigures MeasureInstrument(const StampTally& stamps, const Accounts& accounts) {
  InstrumentFigures figures;
  figures.gaps = stamps.gaps;
  figures.unseen_gaps = stamps.unseen_gaps;
  figures.unseen_share =
      Share(static_cast<double>(stamps.unseen_gaps), static_cast<double>(stamps.gaps));
  figures.kernel_records = stamps.kernel_records;
  figures.user_records = stamps.user_records;
  for (const WorkerAccount& account : accounts.workers) {
    if (account.is_lost) continue;
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
  inputs.rate_ratio = profiling.load.rate_ratio;
  inputs.client_rate_ratio = profiling.load.client_rate_ratio;
  inputs.unsent = tally.spans.unsent;
  inputs.concurrency_ratio = profiling.load.concurrency_ratio;
  inputs.lateness_p99_ms = tally.own_lateness.values_ns.Percentile(99) / kNsPerMs;
  inputs.connect_wait_p99_ms = PercentileMs(tally.summary, "credit_to_start_latency", 99);
  inputs.ttft_p50_ms = PercentileMs(tally.summary, "time_to_first_token", 50);
  inputs.unseen_share = profiling.instrument.unseen_share;
  inputs.reads_are_late = ReadsAreLate(profiling, tally.summary);
  inputs.delayed_ack_share = tally.connections.DelayedAckShare();
  inputs.delayed_ack_median_ms = tally.connections.delayed_ack_ns.Percentile(50) / kNsPerMs;
  inputs.quick_ack = plan.connections().quick_ack();
  inputs.requests = static_cast<uint64_t>(profiling.totals.completed + profiling.totals.errors());
  inputs.nothing_measured = profiling.totals.completed + profiling.totals.failed == 0;
  inputs.client_errors = tally.errors.CountOf(v1::ERROR_CLIENT_LIMIT);
  inputs.errors = static_cast<uint64_t>(profiling.totals.failed) - inputs.client_errors;
  inputs.network_errors = NetworkErrors(tally.errors);
  inputs.unplanned_cached_share = profiling.prompts.unplanned_cached_share;
  inputs.cached_share = profiling.prompts.cached_share.value_or(0);
  inputs.seed_makes_prompts = plan.dataset().kind() != v1::DATASET_SINGLE_TURN;
  if (plan.connections().reuse() == v1::REUSE_NEVER) inputs.connects = 0;
  inputs.tokenizer_assumed = plan.tokenizer().assumed() && tally.stamps.tokens_from_tokenizer > 0;
  return inputs;
}

}  // namespace drumfire
