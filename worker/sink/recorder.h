// Turns finished exchanges into records, off the I/O threads: times made relative, tokens counted,
// interval histograms filled, batches handed to the RecordSink. Owns its thread and the bounded
// queue before it. Threads: Push on the I/O threads; everything else on the control thread. Flush's
// callback runs on the recorder's thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>

#include "absl/status/statusor.h"
#include "common/clock/clock.h"
#include "common/tokens/tokenizer.h"
#include "drumfire/v1/control.pb.h"
#include "drumfire/v1/plan.pb.h"
#include "worker/engine/exchange.h"
#include "worker/sink/batcher.h"
#include "worker/sink/exchange_queue.h"
#include "worker/sink/interval_histograms.h"
#include "worker/sink/phase_starts.h"
#include "worker/sink/record_sink.h"
#include "worker/sink/token_counter.h"

namespace drumfire {

struct RecorderCounters {
  // Exchanges pushed: one for each credit sent or dropped, kept or not (PhaseDone.records_made).
  uint64_t records_made = 0;
  // Not kept: the queue or the sink's buffer was full (WorkerHealth.records_dropped).
  uint64_t records_dropped = 0;
  uint64_t tokenizer_overflows = 0;
};

class Recorder {
 public:
  // plan, tokenizer (null = none), clock and sink are not owned and must outlive the recorder.
  Recorder(const v1::Plan& plan, const Tokenizer* tokenizer, const Clock& clock, RecordSink* sink);
  // Waits for the thread; what is still queued is recorded first.
  ~Recorder();

  // Before the phase's first Push: t = 0 on the monotonic clock.
  void SetPhaseStart(uint32_t phase, int64_t start_ns);
  // Never waits (but for another thread's swap of two pointers): a full queue drops the exchange
  // and counts it.
  void Push(std::unique_ptr<Exchange> exchange);
  // Calls done once all that was pushed before is recorded and in the sink: then the counters and
  // the sink's last_sequence are those of PhaseDone.
  void Flush(std::function<void()> done);

  // Histograms of the phase's records since the last call, interval numbers from 1; last = the end
  // marker (after Flush).
  v1::IntervalHistograms TakeIntervalHistograms(uint32_t phase, bool last);

  RecorderCounters counters() const;
  // Of one phase alone.
  RecorderCounters PhaseCounters(uint32_t phase) const;
};

}  // namespace drumfire
