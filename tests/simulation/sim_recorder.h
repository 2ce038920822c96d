// A worker's recorder and record sink without threads: the real record, batch, interval and buffer
// code over a simulated link.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "drumfire/v1/control.pb.h"
#include "tests/simulation/checker.h"
#include "tests/simulation/record_link.h"
#include "tests/simulation/turns.h"
#include "worker/sink/pending_batch.h"
#include "worker/sink/phase_records.h"
#include "worker/sink/unacked_batches.h"

namespace drumfire::simulation {

class SimRecorder {
 public:
  // Nothing is owned.
  SimRecorder(const Scenario& scenario, const v1::Hello& hello, uint64_t epoch, World* world,
              const HostClock* clock, RecordLink* link, Checker* checker,
              const std::function<bool()>& is_stopped);

  void SetPhaseStart(uint32_t phase, int64_t start_ns) { phases_[phase]->start_ns = start_ns; }
  void Push(const Exchange& exchange);
  // Hands what is pending to the buffer.
  void Flush();
  v1::IntervalHistograms TakeInterval(uint32_t phase, bool last) {
    return phases_[phase]->TakeInterval(last);
  }
  RecorderCounters PhaseCounters(uint32_t phase) const { return phases_[phase]->counters(); }
  uint64_t last_sequence() const { return unacked_.next_sequence() - 1; }
  void Ack(uint64_t sequence);
  void Resume() { turns_.Resume(); }

 private:
  void Turn();
  bool AddBatch(v1::RecordBatch* batch);
  bool SendDue();

  const Scenario& scenario_;
  const uint32_t worker_;
  const std::string run_id_;
  const uint64_t epoch_;
  World* const world_;
  const HostClock* const clock_;
  RecordLink* const link_;
  Checker* const checker_;
  std::vector<std::unique_ptr<PhaseRecords>> phases_;
  PendingBatch pending_;
  UnackedBatches unacked_;
  Turns turns_;
};

}  // namespace drumfire::simulation
