// How well this worker's own machinery did in a phase: gathers what the I/O thread sees, answers
// the session's thread.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "common/clock/clock.h"
#include "common/sync/mutex.h"
#include "drumfire/v1/control.pb.h"
#include "worker/dispatch/dispatcher.h"
#include "worker/engine/engine.h"
#include "worker/health/hiccup_meter.h"
#include "worker/health/loop_watch.h"
#include "worker/health/reservoir.h"
#include "worker/health/usage_meter.h"

namespace drumfire {

// Any thread.
class PhaseHealth {
 public:
  // usage: of this process and its host; null leaves those figures out.
  PhaseHealth(const Clock& clock, std::unique_ptr<UsageMeter> usage);

  // t = 0 is near: everything counts from here.
  void BeginPhase(const EngineCounters& counters);
  void OnRecord(const Exchange& exchange);
  void OnStep(int64_t ready_ns, int64_t done_ns);
  void OnTick(int64_t late_ns);
  void AddReadDelays(const std::vector<int64_t>& delays_ns);
  void SetEngineCounters(const EngineCounters& counters);
  void SetSlotWaits(const SlotWaits& waits);

  v1::WorkerHealth Sample(uint64_t records_dropped, uint64_t tokenizer_overflows) const;
  uint64_t bytes_sent() const;
  uint64_t bytes_received() const;

 private:
  const Clock& clock_;
  mutable Mutex mutex_;
  const std::unique_ptr<UsageMeter> usage_ ABSL_PT_GUARDED_BY(mutex_);
  LoopWatch loop_ ABSL_GUARDED_BY(mutex_);
  HiccupTally hiccups_ ABSL_GUARDED_BY(mutex_);
  Reservoir send_uncertainty_ ABSL_GUARDED_BY(mutex_);
  Reservoir read_delay_ ABSL_GUARDED_BY(mutex_);
  EngineCounters at_begin_ ABSL_GUARDED_BY(mutex_);
  EngineCounters now_ ABSL_GUARDED_BY(mutex_);
  SlotWaits slot_waits_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace drumfire
