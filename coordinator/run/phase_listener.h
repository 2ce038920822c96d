// Told on the run's thread while a phase runs. Never asked; overrides only what it needs.
#pragma once

#include <cstdint>

#include "coordinator/run/phase_outcome.h"
#include "drumfire/v1/control.pb.h"

namespace drumfire {

class PhaseListener {
 public:
  virtual ~PhaseListener() = default;
  virtual void OnPhaseStart(const PhaseOutcome& /*so_far*/) {}
  // The worker takes part from now on.
  virtual void OnJoin(const PhaseOutcome& /*so_far*/, uint32_t /*worker*/) {}
  virtual void OnHistograms(uint32_t /*worker*/, const v1::IntervalHistograms& /*histograms*/) {}
  // Some times a second.
  virtual void OnProgress(const PhaseOutcome& /*so_far*/, int64_t /*now_ns*/) {}
};

}  // namespace drumfire
