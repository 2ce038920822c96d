#include "tools/fleet_sim/fake_recorder.h"

#include <algorithm>
#include <utility>

#include "common/record/frame.h"
#include "worker/sink/make_record.h"
#include "worker/sink/record_sink.h"

namespace drumfire::fleet_sim {
namespace {

constexpr int64_t kFullLinkRetryNs = 5 * kNsPerMs;

RecordSinkOptions SinkOptionsOf(const v1::Hello& hello) {
  RecordSinkOptions options;
  if (hello.record_buffer_bytes() > 0) options.buffer_bytes = hello.record_buffer_bytes();
  return options;
}

}  // namespace

FakeRecorder::FakeRecorder(const v1::Hello& hello, uint64_t epoch, RecordLink* link,
                           const Clock& clock)
    : detail_(hello.plan().records().detail()),
      run_id_(hello.run_id()),
      worker_(hello.worker()),
      epoch_(epoch),
      link_(link),
      clock_(clock),
      token_counter_(hello.plan(), /*tokenizer=*/nullptr),
      pending_(SinkOptionsOf(hello).buffer_bytes / kBatchesInBuffer),
      unacked_(SinkOptionsOf(hello).buffer_bytes, SinkOptionsOf(hello).resend_after_ns) {
  const MetricContext context = MetricContextOf(hello.plan());
  for (int phase = 0; phase < hello.plan().phases_size(); ++phase) {
    phases_.push_back(std::make_unique<PhaseRecords>(phase, context));
  }
}

void FakeRecorder::Push(const Exchange& exchange) {
  PhaseRecords& phase = *phases_[exchange.phase];
  ++phase.records_made;
  v1::Record* record = pending_.Add();
  MakeRecord(exchange, phase.start_ns, detail_, record);
  token_counter_.Count(exchange, /*is_behind=*/false, record);
  phase.Add(*record);
  pending_.Filled(*record, clock_.MonotonicNs());
  if (pending_.full()) Flush();
}

void FakeRecorder::Drop(uint32_t phase, uint64_t count) {
  phases_[phase]->records_made += count;
  phases_[phase]->records_dropped += count;
}

void FakeRecorder::Flush() {
  if (pending_.empty()) return;
  if (!AddBatch(pending_.batch())) {
    for (const v1::Record& record : pending_.batch()->records()) {
      ++phases_[record.phase()]->records_dropped;
    }
  }
  pending_.Clear();
}

bool FakeRecorder::AddBatch(v1::RecordBatch* batch) {
  batch->set_sequence(unacked_.next_sequence());
  batch->set_run_id(run_id_);
  batch->set_worker(worker_);
  batch->set_epoch(epoch_);
  std::string frame;
  return AppendFrame(*batch, &frame).ok() && unacked_.Add(std::move(frame));
}

bool FakeRecorder::SendDue(int64_t now_ns) {
  while (const std::string* frame = unacked_.Due(now_ns)) {
    if (!link_->Send(*frame)) return false;
    unacked_.MarkSent(now_ns);
  }
  return true;
}

int64_t FakeRecorder::Turn() {
  const int64_t now_ns = clock_.MonotonicNs();
  if (!pending_.empty() && now_ns >= pending_.due_ns()) Flush();
  const bool all_sent = SendDue(now_ns);
  const int64_t next_send_ns = all_sent ? unacked_.NextDueNs() : now_ns + kFullLinkRetryNs;
  return pending_.empty() ? next_send_ns : std::min(next_send_ns, pending_.due_ns());
}

}  // namespace drumfire::fleet_sim
