// Turns finished exchanges into records, off the I/O threads: times made relative, tokens counted,
// interval histograms filled, batches handed to the RecordSink. Owns its thread and the bounded
// queue before it. Threads: Push on the I/O threads; all else on the control thread. A task given
// to Flush runs on the recorder's thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "common/clock/clock.h"
#include "common/tokens/tokenizer.h"
#include "drumfire/v1/control.pb.h"
#include "drumfire/v1/plan.pb.h"
#include "worker/engine/exchange.h"
#include "worker/sink/exchange_queue.h"
#include "worker/sink/pending_batch.h"
#include "worker/sink/phase_records.h"
#include "worker/sink/record_sink.h"
#include "worker/sink/token_counter.h"

namespace drumfire {

struct RecorderOptions {
  // Bounds of the queue. What does not fit is dropped and counted.
  size_t max_queued = 1 << 16;
  size_t max_queued_bytes = 256 << 20;
  // Exchanges that wait behind one from which on its tokens are taken from usage, when it has that.
  size_t tokenizer_behind_at = 4096;
};

class Recorder {
 public:
  // plan, tokenizer (null = none), clock and sink are not owned and must outlive the recorder.
  Recorder(const v1::Plan& plan, const Tokenizer* tokenizer, const Clock& clock, RecordSink* sink,
           const RecorderOptions& options = {});
  // Records what is still queued first.
  ~Recorder();

  // Before the phase's first Push: t = 0 on the monotonic clock. phase: index into Plan.phases,
  // here and below.
  void SetPhaseStart(uint32_t phase, int64_t start_ns);
  // Never waits for the recorder's thread: a full queue drops the exchange and counts it.
  void Push(std::unique_ptr<Exchange> exchange);
  // Calls done once all that was pushed before is recorded and handed to the sink: then
  // PhaseCounters, the sink's last_sequence and TakeIntervalHistograms(phase, true) are what the
  // phase's end needs.
  void Flush(std::function<void()> done);

  // Histograms of the phase's records since the last call; interval numbers from 1. No histograms
  // and no number when there was no record, unless last, the end marker.
  v1::IntervalHistograms TakeIntervalHistograms(uint32_t phase, bool last);
  RecorderCounters PhaseCounters(uint32_t phase) const;

 private:
  void Run();
  int64_t Patience() const;
  void Record(const Exchange& exchange, size_t backlog);
  void SendPending();

  const v1::RecordDetail detail_;
  const size_t tokenizer_behind_at_;
  const Clock& clock_;
  RecordSink* const sink_;
  std::vector<std::unique_ptr<PhaseRecords>> phases_;  // by index; the vector never changes
  ExchangeQueue queue_;

  // The thread's alone.
  TokenCounter token_counter_;
  PendingBatch pending_;

  std::thread thread_;
};

}  // namespace drumfire
