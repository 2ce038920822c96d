// A fake worker's records: the real worker's record, batch, interval and buffer code over the
// process's shared sockets. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/clock/clock.h"
#include "drumfire/v1/control.pb.h"
#include "tools/fleet_sim/record_links.h"
#include "worker/engine/exchange.h"
#include "worker/sink/pending_batch.h"
#include "worker/sink/phase_records.h"
#include "worker/sink/token_counter.h"
#include "worker/sink/unacked_batches.h"

namespace drumfire::fleet_sim {

class FakeRecorder {
 public:
  // link and clock must outlive the recorder.
  FakeRecorder(const v1::Hello& hello, uint64_t epoch, RecordLink* link, const Clock& clock);

  // t = 0 of the phase on the clock of its exchanges' times.
  void SetPhaseStart(uint32_t phase, int64_t start_ns) { phases_[phase]->start_ns = start_ns; }
  void Push(const Exchange& exchange);
  // Records that were made and not kept.
  void Drop(uint32_t phase, uint64_t count);
  // Hands what is pending to the buffer.
  void Flush();
  void Ack(uint64_t sequence) { unacked_.Ack(sequence).IgnoreError(); }
  // Sends all that is due. Returns when to call again at the latest, monotonic.
  int64_t Turn();

  v1::IntervalHistograms TakeInterval(uint32_t phase, bool last) {
    return phases_[phase]->TakeInterval(last);
  }
  RecorderCounters PhaseCounters(uint32_t phase) const { return phases_[phase]->counters(); }
  uint64_t last_sequence() const { return unacked_.next_sequence() - 1; }
  uint64_t resends() const { return unacked_.resends(); }

 private:
  bool AddBatch(v1::RecordBatch* batch);
  bool SendDue(int64_t now_ns);

  const v1::RecordDetail detail_;
  const std::string run_id_;
  const uint32_t worker_;
  const uint64_t epoch_;
  RecordLink* const link_;
  const Clock& clock_;
  std::vector<std::unique_ptr<PhaseRecords>> phases_;
  TokenCounter token_counter_;
  PendingBatch pending_;
  UnackedBatches unacked_;
};

}  // namespace drumfire::fleet_sim
