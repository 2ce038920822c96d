// A synthetic run for tests: two workers, 40 streamed requests 50 ms apart, closing totals and
// histograms that fit. Tests then break one thing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/metrics/intervals.h"
#include "common/metrics/test_records.h"
#include "coordinator/results/result_builder.h"

namespace drumfire {

struct TestRun {
  static constexpr uint64_t kRequests = 40;
  static constexpr int64_t kGapMs = 50;
  static constexpr int64_t kWallStartNs = 1'795'353'989'000'000'000;

  RunFacts facts;
  std::vector<v1::Record> records;

  TestRun() {
    MakePlan();
    for (uint64_t k = 0; k < kRequests; ++k) {
      records.push_back(test_records::Streamed(k, 2 + static_cast<int64_t>(k) * kGapMs));
      records.back().set_url(static_cast<uint32_t>(k % 2));
      records.back().set_ready_ns(records.back().sent_ns() - 100'000);
      records.back().set_stamps(v1::STAMP_KERNEL);
    }
    facts.run_id = std::string(16, '\x5a');
    facts.plan_hash_hex = std::string(64, 'a');
    facts.cli_command = "drumfire profile --model 'm' --streaming";
    facts.version = "0.1.0";
  }

  static uint32_t WorkerOf(const v1::Record& record) { return record.session() % 2; }

  // Closing totals as the records are now; call after changing them.
  void Close() {
    PhaseFacts& phase = facts.phases.emplace_back();
    phase.start.set_wall_ns(kWallStartNs);
    phase.scheduled = phase.scheduled_sessions = records.size();
    for (uint32_t worker = 0; worker < 2; ++worker) {
      v1::WorkerFacts& about = facts.workers.emplace_back();
      about.set_worker(worker);
      about.set_address("local " + std::to_string(worker));
      about.set_engine("native");
      about.set_version("0.1.0");
      about.mutable_limits()->set_cores(1.5);
      about.mutable_limits()->set_free_memory_bytes(1 << 30);
      v1::WorkerStart* start = phase.start.add_workers();
      start->set_worker(worker);
      start->set_clock_error_ns(1500);
      phase.start_late_ns[worker] = 25;
      CloseWorker(worker, &phase.done[worker]);
    }
  }

  // Feeds everything and finishes.
  RunResult Finish() {
    ResultBuilder builder(facts.plan);
    for (const v1::Record& record : records) builder.AddRecord(record, WorkerOf(record));
    for (uint32_t worker = 0; worker < 2; ++worker)
      builder.AddHistograms(worker, Histograms(worker));
    return builder.Finish(facts);
  }

  v1::IntervalHistograms Histograms(uint32_t worker) const {
    MetricSummary summary(MetricContextOf(facts.plan));
    for (const v1::Record& record : records) {
      if (WorkerOf(record) == worker) summary.Add(record);
    }
    v1::IntervalHistograms message;
    message.set_last(true);
    AppendHistograms(summary, &message);
    return message;
  }

 private:
  void MakePlan() {
    v1::Plan& plan = facts.plan;
    plan.set_seed(1);
    plan.add_urls("http://127.0.0.1:8101");
    plan.add_models("m");
    plan.mutable_endpoint()->set_streaming(true);
    plan.mutable_dataset()->set_entries(kRequests);
    plan.mutable_dataset()->set_isl_mean(100);
    plan.mutable_dataset()->set_osl_mean(5);
    v1::Phase* phase = plan.add_phases();
    phase->set_kind(v1::PHASE_PROFILING);
    phase->set_name("profiling");
    phase->set_mode(v1::LOAD_RATE);
    phase->set_request_rate(1000.0 / kGapMs);
    phase->set_request_count(kRequests);
    plan.mutable_engine()->set_late_after_ns(test_records::kMs);
  }

  void CloseWorker(uint32_t worker, v1::PhaseDone* done) const {
    ReceivedRecords received;
    for (const v1::Record& record : records) {
      if (WorkerOf(record) == worker) received.Add(record);
    }
    const OutcomeCounts& counts = received.outcomes;
    const SessionTally& sessions = received.sessions;
    v1::CreditTotals* totals = done->mutable_totals();
    totals->set_granted(sessions.sessions());
    totals->set_begun(sessions.sessions() - counts.dropped);
    totals->set_sessions_completed(sessions.completed());
    totals->set_unsent_turns(sessions.unrecorded().unsent);
    totals->set_sent(counts.Sum() - counts.dropped);
    totals->set_completed(counts.completed);
    totals->set_failed(counts.failed);
    totals->set_cancelled(counts.cancelled);
    totals->set_dropped(counts.dropped);
    done->set_records_made(counts.Sum());
    v1::WorkerHealth* health = done->mutable_health();
    health->set_wall_seconds(2);
    health->set_cores_allowed(1);
    health->set_cpu_seconds(0.2);
    health->set_kernel_stamps(100);
    health->set_read_delay_p50_ns(8'000);
    health->set_read_delay_p99_ns(40'000);
    health->set_send_uncertainty_p50_ns(3'000);
    health->set_send_uncertainty_p99_ns(9'000);
  }
};

// The names of the failed checks.
inline std::vector<std::string> Checks(const RunResult& result) {
  std::vector<std::string> checks;
  for (const VerdictReason& reason : result.verdict.reasons) checks.push_back(reason.check);
  return checks;
}

// A statistic of the measured phase; -1 = no such metric.
inline double ValueOf(const RunResult& result, absl::string_view tag,
                      absl::string_view stat = "avg") {
  const MetricBlock* block = FindBlock(result.profiling.blocks, tag);
  return block == nullptr ? -1 : block->Stat(stat);
}

}  // namespace drumfire
