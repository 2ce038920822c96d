// The figures of a finished run, from which every export and the exit code are made. Times in ns
// from t = 0 of the phase unless stated otherwise.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/metrics/summary.h"
#include "coordinator/results/accounting.h"
#include "coordinator/results/connection_tally.h"
#include "coordinator/results/error_summary.h"
#include "coordinator/results/goal_misses.h"
#include "coordinator/results/metric_block.h"
#include "coordinator/results/prompt_figures.h"
#include "coordinator/results/run_facts.h"
#include "coordinator/results/slices.h"
#include "coordinator/results/verdict.h"

namespace drumfire {

// Requested and reached load. 0 = not requested, or not measured.
struct LoadFigures {
  double asked_rate = 0;      // requests per second, from the plan
  double scheduled_rate = 0;  // from the schedule's actual times
  double reached_rate = 0;    // sent, from the first send to the last
  double rate_ratio = 0;      // reached / scheduled
  double client_rate_ratio = 0;
  uint32_t asked_concurrency = 0;
  double reached_concurrency = 0;  // mean in flight from t = 0 to the last begin
  double concurrency_ratio = 0;
  double mean_in_flight = 0;  // over the phase window
  double gap_cv = -1;         // of the send gaps; -1 = closed loop, or fewer than two gaps
  double expected_gap_cv = -1;
};

// The instrument's own error. Delays are those of the worst worker; -1 = not measured.
struct InstrumentFigures {
  int64_t read_delay_p50_ns = -1;
  int64_t read_delay_p99_ns = -1;
  int64_t send_uncertainty_p50_ns = -1;
  int64_t send_uncertainty_p99_ns = -1;
  double coalesced_share = 0;  // of the gaps between content chunks
  uint64_t gaps = 0;
  uint64_t coalesced_chunks = 0;
  uint64_t kernel_stamps = 0;
  uint64_t refused_stamps = 0;
  uint64_t kernel_records = 0;
  uint64_t user_records = 0;
};

struct PhaseResult {
  std::string name;
  uint32_t index = 0;
  int64_t wall_start_ns = 0;  // wall clock at t = 0
  // The phase window: t = 0 to the end of the last response. All rates divide by it.
  int64_t window_ns = 0;
  RunTotals totals;
  std::vector<MetricBlock> blocks;
  std::vector<GoalMiss> goal_misses;  // of --goodput
  std::vector<ErrorKind> errors;
  Accounts accounts;
  ConnectionTally connections;
  LoadFigures load;
  InstrumentFigures instrument;
  PromptFigures prompts;
};

struct UrlResult {
  std::string url;
  RunTotals totals;
  std::vector<MetricBlock> blocks;
};

// One --fail-if goal. A run without the figure misses it.
struct GoalResult {
  v1::Goal goal;
  std::optional<double> value;
  bool is_missed = false;
};

struct RunResult {
  RunFacts facts;
  MetricContext context;
  PhaseResult profiling;
  // Over all warmup phases; empty without a warmup.
  std::vector<MetricBlock> warmup_blocks;
  std::vector<UrlResult> urls;  // only if the plan has several
  std::vector<Slice> slices;    // only with --slice-duration
  std::vector<GoalResult> goals;
  Verdict verdict;
  // Every scheduled request was granted and ended by itself.
  bool is_complete = false;
  // Notes for the reader; those of the facts first.
  std::vector<std::string> notes;
};

// 0 valid or suspect, 1 nothing completed or the run was cut short, 3 INVALID, 4 a --fail-if goal
// was missed. (2 is bad input: no run at all.)
int ExitCodeOf(const RunResult& result);

}  // namespace drumfire
