// Told what a run does, for whoever shows it: a progress line, a dashboard, a web page. Never
// asked. The run's thread makes all calls and waits for each, so a slow listener must hand on what
// it takes. Overrides only what it needs.
#pragma once

#include <cstdint>
#include <functional>

#include "absl/strings/string_view.h"
#include "coordinator/results/run_result.h"
#include "coordinator/run/phase_outcome.h"
#include "coordinator/run/progress_snapshot.h"
#include "drumfire/v1/control.pb.h"

namespace drumfire {

class RunListener {
 public:
  // Makes the figures of this moment. Costs more than looking at the outcome: only when shown.
  using MakeFigures = std::function<ProgressSnapshot()>;

  virtual ~RunListener() = default;
  virtual void OnPhaseStart(const PhaseOutcome& /*so_far*/) {}
  // A worker that came back takes part from now on.
  virtual void OnJoin(const PhaseOutcome& /*so_far*/, uint32_t /*worker*/) {}
  // Some times a second. phase: its name.
  virtual void OnProgress(const std::string& /*phase*/, const MakeFigures& /*figures*/) {}
  virtual void OnHistograms(uint32_t /*worker*/, const v1::IntervalHistograms& /*histograms*/) {}
  virtual void OnPhaseEnd(const PhaseOutcome& /*outcome*/, const ProgressSnapshot& /*closing*/) {}
  // A line for the user.
  virtual void OnNote(absl::string_view /*note*/) {}
  // With the verdict. The run is over.
  virtual void OnResult(const RunResult& /*result*/) {}
};

}  // namespace drumfire
