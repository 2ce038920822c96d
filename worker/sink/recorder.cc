#include "worker/sink/recorder.h"

#include <algorithm>
#include <utility>

#include "worker/sink/make_record.h"

namespace drumfire {
Recorder::Recorder(const v1::Plan& plan, const Tokenizer* tokenizer, const Clock& clock,
                   RecordSink* sink, const RecorderOptions& options)
    : detail_(plan.records().detail()),
      tokenizer_behind_at_(options.tokenizer_behind_at),
      clock_(clock),
      sink_(sink),
      queue_(options.max_queued, options.max_queued_bytes),
      token_counter_(plan, tokenizer),
      pending_(sink->buffer_bytes() / kBatchesInBuffer) {
  const MetricContext context = MetricContextOf(plan);
  for (int phase = 0; phase < plan.phases_size(); ++phase) {
    phases_.push_back(std::make_unique<PhaseRecords>(phase, context));
  }
  thread_ = std::thread(&Recorder::Run, this);
}

Recorder::~Recorder() {
  queue_.Close();
  thread_.join();
}

void Recorder::SetPhaseStart(uint32_t phase, int64_t start_ns) {
  phases_[phase]->start_ns = start_ns;
}

void Recorder::Push(std::unique_ptr<Exchange> exchange) {
  PhaseRecords& phase = *phases_[exchange->phase];
  ++phase.records_made;
  if (!queue_.Push(std::move(exchange))) ++phase.records_dropped;
}

void Recorder::Flush(std::function<void()> done) {
  queue_.Post([this, done = std::move(done)] {
    SendPending();
    done();
  });
}

v1::IntervalHistograms Recorder::TakeIntervalHistograms(uint32_t phase, bool last) {
  return phases_[phase]->TakeInterval(last);
}

RecorderCounters Recorder::PhaseCounters(uint32_t phase) const {
  return phases_[phase]->counters();
}

void Recorder::Run() {
  while (true) {
    const ExchangeQueue::Taken taken = queue_.Take(Patience());
    for (size_t i = 0; i < taken.exchanges.size(); ++i) {
      Record(*taken.exchanges[i], taken.backlog + taken.exchanges.size() - i - 1);
    }
    for (const std::function<void()>& task : taken.tasks) task();
    if (!pending_.empty() && (taken.at_end || clock_.MonotonicNs() >= pending_.due_ns())) {
      SendPending();
    }
    if (taken.at_end) return;
  }
}

// How long the queue may be left alone: until the pending batch is due, or until something comes.
int64_t Recorder::Patience() const {
  if (pending_.empty()) return -1;
  return std::clamp<int64_t>(pending_.due_ns() - clock_.MonotonicNs(), 0, kMaxPendingNs);
}

void Recorder::Record(const Exchange& exchange, size_t backlog) {
  PhaseRecords& phase = *phases_[exchange.phase];
  v1::Record* record = pending_.Add();
  MakeRecord(exchange, phase.start_ns, detail_, record);
  if (token_counter_.Count(exchange, backlog >= tokenizer_behind_at_, record)) {
    ++phase.tokenizer_overflows;
  }
  phase.Add(*record);
  pending_.Filled(*record, clock_.MonotonicNs());
  if (pending_.full()) SendPending();
}

void Recorder::SendPending() {
  if (pending_.empty()) return;
  if (!sink_->AddBatch(pending_.batch())) {
    for (const v1::Record& record : pending_.batch()->records()) {
      ++phases_[record.phase()]->records_dropped;
    }
  }
  pending_.Clear();
}

}  // namespace drumfire
