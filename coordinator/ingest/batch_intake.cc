#include "coordinator/ingest/batch_intake.h"

#include "common/record/frame.h"

namespace drumfire {

BatchIntake::BatchIntake(absl::string_view run_id, RecordConsumer* consumer, Journal* journal,
                         RecordGate* gate)
    : run_id_(run_id), consumer_(consumer), journal_(journal), gate_(gate) {}

void BatchIntake::AddWorker(uint32_t worker, uint64_t epoch) {
  const auto found = workers_.find(worker);
  if (found != workers_.end() && found->second.epoch == epoch) return;
  workers_.insert_or_assign(worker, Worker{.epoch = epoch, .ledger = {}});
}

void BatchIntake::RemoveWorker(uint32_t worker) {
  workers_.erase(worker);
  std::erase(touched_, worker);
}

void BatchIntake::Take(absl::string_view message) {
  const absl::StatusOr<absl::string_view> payload = ReadWholeFrame(message);
  if (!payload.ok()) {
    ++counters_.damaged;
    return;
  }
  const absl::StatusOr<const v1::RecordBatch*> batch = decoder_.Decode(*payload);
  if (!batch.ok()) {
    ++counters_.damaged;
    return;
  }
  Worker* sender = FindSender(**batch);
  if (sender == nullptr) {
    ++counters_.foreign;
    return;
  }
  TakeFrom(sender, **batch, message);
}

BatchIntake::Worker* BatchIntake::FindSender(const v1::RecordBatch& batch) {
  if (batch.run_id() != run_id_) return nullptr;
  const auto found = workers_.find(batch.worker());
  if (found == workers_.end() || found->second.epoch != batch.epoch()) return nullptr;
  return &found->second;
}

void BatchIntake::TakeFrom(Worker* worker, const v1::RecordBatch& batch,
                           absl::string_view message) {
  const BatchLedger::Verdict verdict = worker->ledger.Take(batch.sequence());
  if (verdict == BatchLedger::Verdict::kRefused) {
    ++counters_.damaged;
    return;
  }
  Touch(batch.worker(), worker);
  if (verdict == BatchLedger::Verdict::kRepeat) {
    ++counters_.repeats;
    return;
  }
  if (IsRefused(batch)) return;
  ++counters_.batches;
  counters_.records += batch.records_size();
  worker->records += batch.records_size();
  if (journal_ != nullptr) journal_->AppendBatch(message);
  consumer_->OnBatch(batch);
}

bool BatchIntake::IsRefused(const v1::RecordBatch& batch) {
  if (refusals_.contains(batch.worker())) return true;
  if (gate_ == nullptr) return false;
  const absl::Status checked = gate_->Check(batch);
  if (!checked.ok()) refusals_[batch.worker()] = std::string(checked.message());
  return !checked.ok();
}

void BatchIntake::Touch(uint32_t index, Worker* worker) {
  if (worker->is_touched) return;
  worker->is_touched = true;
  touched_.push_back(index);
}

std::vector<AckDue> BatchIntake::TakeAcksDue() {
  std::vector<AckDue> acks;
  for (const uint32_t index : touched_) {
    Worker& worker = workers_.at(index);
    worker.is_touched = false;
    acks.push_back({index, worker.epoch, Progress(index)});
  }
  touched_.clear();
  return acks;
}

bool BatchIntake::IsCurrent(const AckDue& due) const {
  const auto found = workers_.find(due.worker);
  return found != workers_.end() && found->second.epoch == due.epoch;
}

void BatchIntake::Ack(const AckDue& due) {
  if (IsCurrent(due)) consumer_->OnAck(due.worker, due.epoch, due.progress.complete_up_to);
}

void BatchIntake::AckTaken() {
  for (const AckDue& due : TakeAcksDue()) Ack(due);
}

WorkerProgress BatchIntake::Progress(uint32_t worker) const {
  const auto found = workers_.find(worker);
  if (found == workers_.end()) return {};
  const BatchLedger& ledger = found->second.ledger;
  return {ledger.complete_up_to(), ledger.missing(), found->second.records};
}

}  // namespace drumfire
