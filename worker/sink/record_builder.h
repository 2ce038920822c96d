// Turns finished exchanges into records, off the I/O loop: times made relative, tokens counted,
// interval histograms filled, batches handed to the BatchSender. A loop without a thread
// (common/loop) behind a bounded queue.
//
//   RecordBuilder builder(plan, tokenizer, &sender, [&] { runner->Wake(); });
//   auto runner = runners.Run(&builder, nullptr);
//   builder.SetPhaseStart(phase, start_ns);
//   builder.Push(std::move(exchange));   // the I/O loop, for every request that is over
//   builder.Flush([] { ... });           // all that was pushed before is in the sender's hands
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "common/loop/loop.h"
#include "common/text/known_secrets.h"
#include "common/tokens/tokenizer.h"
#include "drumfire/v1/control.pb.h"
#include "drumfire/v1/plan.pb.h"
#include "worker/exchange/exchange.h"
#include "worker/sink/batch_sender.h"
#include "worker/sink/exchange_queue.h"
#include "worker/sink/pending_batch.h"
#include "worker/sink/phase_records.h"
#include "worker/sink/token_counter.h"

namespace drumfire {

struct RecordBuilderOptions {
  // Bounds of the queue. What does not fit is dropped and counted.
  size_t max_queued = 1 << 16;
  size_t max_queued_bytes = 256 << 20;
  // Exchanges that wait behind one from which on its tokens are taken from usage, when it has that.
  size_t tokenizer_behind_at = 4096;
  // Struck from the texts of errors: a target may send back what it was sent.
  KnownSecrets secrets = {};
};

// Push on the I/O loop, Step on the builder's own; all else on the control thread. A task given to
// Flush runs in a step.
class RecordBuilder : public Loop {
 public:
  // plan, tokenizer (null = none) and sender are not owned and must outlive the builder. wake:
  // makes the loop step soon.
  RecordBuilder(const v1::Plan& plan, const Tokenizer* tokenizer, BatchSender* sender,
                std::function<void()> wake, const RecordBuilderOptions& options = {});

  // Before the phase's first Push: t = 0 on the monotonic clock. phase: index into Plan.phases,
  // here and below.
  void SetPhaseStart(uint32_t phase, int64_t start_ns);
  // Never waits for the builder: a full queue drops the exchange and counts it.
  void Push(std::unique_ptr<Exchange> exchange);
  // Calls done once all that was pushed before is recorded and handed to the sender: then
  // PhaseCounters, the sender's last_sequence and TakeIntervalHistograms(phase, true) are what the
  // phase's end needs.
  void Flush(std::function<void()> done);

  // Histograms of the phase's records since the last call; interval numbers from 1. No histograms
  // and no number when there was no record, unless last, the end marker.
  v1::IntervalHistograms TakeIntervalHistograms(uint32_t phase, bool last);
  RecordCounters PhaseCounters(uint32_t phase) const;

  // Records a portion of what waits; sends a batch that is full or due.
  int64_t Step(int64_t now_ns) override;

 private:
  PhaseRecords& RecordsOf(uint32_t phase) const;
  void StrikeSecrets(v1::RequestError* error) const;
  void Record(const Exchange& exchange, size_t backlog, int64_t now_ns);
  void SendPending();

  const v1::RecordDetail detail_;
  const size_t tokenizer_behind_at_;
  const KnownSecrets secrets_;
  BatchSender* const sender_;
  std::vector<std::unique_ptr<PhaseRecords>> phases_;  // by index; the vector never changes
  ExchangeQueue queue_;

  // The step's alone.
  TokenCounter token_counter_;
  PendingBatch pending_;
};

}  // namespace drumfire
