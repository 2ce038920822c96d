#include "worker/sink/record_builder.h"

#include <utility>

#include "glog/logging.h"
#include "worker/sink/make_record.h"

namespace drumfire {

RecordBuilder::RecordBuilder(const v1::Plan& plan, const Tokenizer* tokenizer, BatchSender* sender,
                             std::function<void()> wake, const RecordBuilderOptions& options)
    : detail_(plan.records().detail()),
      tokenizer_behind_at_(options.tokenizer_behind_at),
      secrets_(options.secrets),
      sender_(sender),
      queue_(options.max_queued, options.max_queued_bytes, std::move(wake)),
      token_counter_(plan, tokenizer),
      pending_(sender->buffer_bytes() / kBatchesInBuffer) {
  const MetricContext context = MetricContextOf(plan);
  for (int phase = 0; phase < plan.phases_size(); ++phase) {
    phases_.push_back(std::make_unique<PhaseRecords>(phase, context));
  }
}

PhaseRecords& RecordBuilder::RecordsOf(uint32_t phase) const {
  CHECK_LT(phase, phases_.size());
  return *phases_[phase];
}

void RecordBuilder::SetPhaseStart(uint32_t phase, int64_t start_ns) {
  RecordsOf(phase).start_ns = start_ns;
}

void RecordBuilder::Push(std::unique_ptr<Exchange> exchange) {
  PhaseRecords& phase = RecordsOf(exchange->phase);
  ++phase.records_made;
  if (!queue_.Push(std::move(exchange))) ++phase.records_dropped;
}

void RecordBuilder::Flush(std::function<void()> done) {
  queue_.Post([this, done = std::move(done)] {
    SendPending();
    done();
  });
}

v1::IntervalHistograms RecordBuilder::TakeIntervalHistograms(uint32_t phase, bool last) {
  return RecordsOf(phase).TakeInterval(last);
}

RecordCounters RecordBuilder::PhaseCounters(uint32_t phase) const {
  return RecordsOf(phase).counters();
}

int64_t RecordBuilder::Step(int64_t now_ns) {
  const ExchangeQueue::Taken taken = queue_.Take();
  size_t behind = taken.backlog + taken.exchanges.size();
  for (const auto& exchange : taken.exchanges) Record(*exchange, --behind, now_ns);
  for (const std::function<void()>& task : taken.tasks) task();
  if (!pending_.empty() && now_ns >= pending_.due_ns()) SendPending();
  // A batch on its way is reason enough to sleep until it is due, or until there is a portion.
  if (!queue_.Sleep(pending_.empty() ? 1 : ExchangeQueue::kTakeAtMost)) return now_ns;
  return pending_.empty() ? kNever : pending_.due_ns();
}

void RecordBuilder::StrikeSecrets(v1::RequestError* error) const {
  error->set_message(secrets_.Strike(error->message()));
  error->set_reason(secrets_.Strike(error->reason()));
}

void RecordBuilder::Record(const Exchange& exchange, size_t backlog, int64_t now_ns) {
  PhaseRecords& phase = RecordsOf(exchange.phase);
  v1::Record* record = pending_.Add();
  MakeRecord(exchange, phase.start_ns, detail_, record);
  if (record->has_error() && !secrets_.empty()) StrikeSecrets(record->mutable_error());
  if (token_counter_.Count(exchange, backlog >= tokenizer_behind_at_, record)) {
    ++phase.tokenizer_overflows;
  }
  phase.Add(*record);
  pending_.Filled(*record, now_ns);
  if (pending_.full()) SendPending();
}

void RecordBuilder::SendPending() {
  if (pending_.empty()) return;
  if (!sender_->AddBatch(pending_.batch())) {
    for (const v1::Record& record : pending_.batch()->records()) {
      ++RecordsOf(record.phase()).records_dropped;
    }
  }
  pending_.Clear();
}

}  // namespace drumfire
