// Builds a run's result from its records, in any order, live or from the journal. Memory does not
// grow with their number. One thread at a time.
//
//     ResultBuilder builder(plan);
//     builder.AddRecord(record, worker);      // each record once
//     builder.AddHistograms(worker, message); // each message once
//     RunResult result = builder.Finish(std::move(facts));
//
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "coordinator/results/phase_tally.h"
#include "coordinator/results/prompt_figures.h"
#include "coordinator/results/run_result.h"
#include "drumfire/v1/control.pb.h"

namespace drumfire {

class ResultBuilder {
 public:
  explicit ResultBuilder(const v1::Plan& plan);

  // Call once per record. Warmup records never enter the results. Records of unknown phases are
  // ignored.
  void AddRecord(const v1::Record& record, uint32_t worker);
  // Call once per message. A damaged one counts as a difference.
  void AddHistograms(uint32_t worker, const v1::IntervalHistograms& message);

  // The phase's figures so far, for progress lines. Null for an unknown phase.
  const MetricSummary* SummaryOf(uint32_t phase) const;

  // Call at the end; the builder cannot be used afterwards.
  RunResult Finish(RunFacts facts);

 private:
  PhaseTally* TallyOf(uint32_t phase);
  void AddDetails(const v1::Record& record);
  std::vector<UrlResult> FinishUrls(int64_t window_ns) const;
  std::vector<MetricBlock> FinishWarmup() const;
  uint64_t WarmupRequests() const;
  std::vector<std::string> OpenSums(const RunResult& result) const;
  void CompareHistograms(const PhaseResult& profiling, VerdictInputs* inputs) const;
  void AddNotes(const VerdictInputs& inputs, RunResult* result) const;

  const v1::Plan plan_;
  const MetricContext context_;
  uint32_t profiling_phase_ = 0;
  std::vector<std::unique_ptr<PhaseTally>> phases_;
  std::vector<MetricSummary> urls_;  // empty for one URL
  PromptTally prompts_;
  std::optional<Slices> slices_;
  // Workers whose end marker has arrived, by phase: only then are their histograms complete.
  std::map<uint32_t, uint64_t> histogram_ends_;
  std::vector<std::string> damaged_histograms_;
};

}  // namespace drumfire
