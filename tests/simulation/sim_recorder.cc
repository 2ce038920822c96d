#include "tests/simulation/sim_recorder.h"

#include <algorithm>

#include "common/record/frame.h"
#include "worker/sink/make_record.h"

namespace drumfire::simulation {
namespace {

constexpr int64_t kResendAfterNs = 300 * kNsPerMs;
constexpr int64_t kFullLinkRetryNs = 5 * kNsPerMs;
constexpr uint64_t kFarTooLargeBytes = uint64_t{1} << 30;

size_t BufferBytes(const Scenario& scenario, const v1::Hello& hello) {
  return scenario.mutation == Mutation::kBufferTooLarge ? kFarTooLargeBytes
                                                        : hello.record_buffer_bytes();
}

}  // namespace

SimRecorder::SimRecorder(const Scenario& scenario, const v1::Hello& hello, uint64_t epoch,
                         World* world, const HostClock* clock, RecordLink* link, Checker* checker,
                         const std::function<bool()>& is_stopped)
    : scenario_(scenario),
      worker_(hello.worker()),
      run_id_(hello.run_id()),
      epoch_(epoch),
      world_(world),
      clock_(clock),
      link_(link),
      checker_(checker),
      pending_(BufferBytes(scenario, hello) / kBatchesInBuffer),
      unacked_(BufferBytes(scenario, hello), kResendAfterNs),
      turns_(world, is_stopped, [this] { Turn(); }) {
  const MetricContext context = MetricContextOf(hello.plan());
  for (int phase = 0; phase < hello.plan().phases_size(); ++phase) {
    phases_.push_back(std::make_unique<PhaseRecords>(phase, context));
  }
}

void SimRecorder::Push(const Exchange& exchange) {
  PhaseRecords& phase = *phases_[exchange.phase];
  ++phase.records_made;
  if (scenario_.mutation == Mutation::kRecordSwallowed && exchange.k == 0) return;
  v1::Record* record = pending_.Add();
  MakeRecord(exchange, phase.start_ns, scenario_.plan.records().detail(), record);
  phase.Add(*record);
  pending_.Filled(*record, clock_->MonotonicNs());
  if (pending_.full()) Flush();
  turns_.WakeAt(world_->now_ns() + kMaxPendingNs);
}

void SimRecorder::Flush() {
  if (pending_.empty()) return;
  if (!AddBatch(pending_.batch()) && scenario_.mutation != Mutation::kDropsHidden) {
    for (const v1::Record& record : pending_.batch()->records()) {
      ++phases_[record.phase()]->records_dropped;
    }
  }
  pending_.Clear();
}

bool SimRecorder::AddBatch(v1::RecordBatch* batch) {
  batch->set_sequence(unacked_.next_sequence());
  batch->set_run_id(run_id_);
  batch->set_worker(worker_);
  batch->set_epoch(epoch_);
  std::string frame;
  if (!AppendFrame(*batch, &frame).ok() || !unacked_.Add(std::move(frame))) return false;
  checker_->OnBufferHeld(worker_, unacked_.held_bytes());
  turns_.Wake();
  return true;
}

void SimRecorder::Ack(uint64_t sequence) { unacked_.Ack(sequence).IgnoreError(); }

bool SimRecorder::SendDue() {
  const int64_t now_ns = clock_->MonotonicNs();
  while (const std::string* frame = unacked_.Due(now_ns)) {
    if (!link_->Send(worker_, *frame)) return false;
    unacked_.MarkSent(now_ns);
  }
  return true;
}

void SimRecorder::Turn() {
  const int64_t now_ns = clock_->MonotonicNs();
  if (!pending_.empty() && now_ns >= pending_.due_ns()) Flush();
  if (!SendDue()) turns_.WakeAt(world_->now_ns() + kFullLinkRetryNs);
  if (!pending_.empty()) turns_.WakeAt(clock_->ToWorld(pending_.due_ns()));
  const int64_t next_ns = unacked_.NextDueNs();
  if (next_ns != INT64_MAX && next_ns > now_ns) turns_.WakeAt(clock_->ToWorld(next_ns));
}

}  // namespace drumfire::simulation
