#include "coordinator/run/run_records.h"

#include <unistd.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "coordinator/run/run_directory.h"
#include "glog/logging.h"

namespace drumfire {
namespace {

// A worker that listens on all addresses is reached by the one it was dialled at.
std::string ReachableEndpoint(const std::string& endpoint, const std::string& dialled) {
  const std::string host = dialled.substr(0, dialled.rfind(':'));
  return absl::StrReplaceAll(endpoint, {{"//0.0.0.0:", absl::StrCat("//", host, ":")},
                                        {"//[::]:", absl::StrCat("//", host, ":")}});
}

v1::WorkerFacts FactsOf(const Member& member) {
  v1::WorkerFacts facts;
  facts.set_worker(member.worker());
  facts.set_epoch(member.epoch());
  facts.set_address(member.address());
  facts.set_version(member.ready.version());
  facts.set_engine(member.ready.engine());
  *facts.mutable_limits() = member.ready.limits();
  *facts.mutable_url_proxies() = member.ready.url_proxies();
  return facts;
}

}  // namespace

absl::StatusOr<std::unique_ptr<RunRecords>> RunRecords::Create(const std::string& folder,
                                                               const std::string& plan_hash,
                                                               const v1::RunManifest& manifest,
                                                               const LinkKeys& keys) {
  std::unique_ptr<RunRecords> records(new RunRecords(manifest));
  // First what only one run can make: another that wants the same folder gets no further.
  const std::string journal_path = JournalPath(folder);
  auto file = CreateJournalFile(journal_path);
  if (!file.ok()) return file.status();
  absl::Status begun = WriteManifest(folder, manifest);
  if (begun.ok()) begun = records->Begin(*std::move(file), plan_hash, manifest, keys);
  if (begun.ok()) return records;
  // No run without its beginning: a journal without a header could not even be reported on.
  unlink(journal_path.c_str());
  unlink(absl::StrCat(folder, "/", kManifestFileName).c_str());
  return begun;
}

absl::Status RunRecords::Begin(std::unique_ptr<JournalFile> file, const std::string& plan_hash,
                               const v1::RunManifest& manifest, const LinkKeys& keys) {
  auto journal = Journal::Create(std::move(file), {plan_hash, manifest.run_id()});
  if (!journal.ok()) return journal.status();
  journal_ = *std::move(journal);
  auto source = RecordSource::Create(manifest.run_id(), keys, this, journal_.get());
  if (!source.ok()) return source.status();
  source_ = *std::move(source);
  return absl::OkStatus();
}

RunRecords::~RunRecords() { source_.reset(); }

absl::Status RunRecords::AddWorkers(const Fleet& fleet) {
  std::vector<std::future<absl::Status>> added;
  for (uint32_t worker = 0; worker < fleet.size(); ++worker) {
    added.push_back(BeginAddWorker(fleet.member(worker)));
  }
  absl::Status status;
  for (std::future<absl::Status>& each : added) status.Update(each.get());
  return status;
}

absl::Status RunRecords::AddWorker(const Member& member) {
  return added_.contains(member.worker()) ? absl::OkStatus() : BeginAddWorker(member).get();
}

std::future<absl::Status> RunRecords::BeginAddWorker(const Member& member) {
  added_.insert(member.worker());
  const v1::WorkerFacts facts = FactsOf(member);
  journal_->Append(facts);
  assembler_.OnWorkerFacts(facts);
  return source_->BeginAddWorker(
      member.worker(), member.epoch(),
      ReachableEndpoint(member.ready.records_endpoint(), member.address()),
      member.ready.records_server_key());
}

uint64_t RunRecords::CloseWorker(uint32_t worker, uint32_t phase) {
  source_->RemoveWorker(worker);
  const std::lock_guard lock(mutex_);
  acks_.erase(worker);
  const auto found = recorded_below_.find({phase, worker});
  return found == recorded_below_.end() ? 0 : found->second;
}

bool RunRecords::WaitFor(uint32_t worker, uint64_t sequence, int64_t timeout_ns) const {
  return source_->WaitFor(worker, sequence, timeout_ns);
}

std::string RunRecords::ErrorLimitReached() {
  const std::lock_guard lock(mutex_);
  return errors_.reached();
}

void RunRecords::SendAcks(Fleet* fleet) {
  std::map<uint32_t, uint64_t> acks;
  {
    const std::lock_guard lock(mutex_);
    acks.swap(acks_);
  }
  for (const auto& [worker, sequence] : acks) {
    v1::CoordinatorMessage message;
    message.mutable_record_ack()->set_sequence(sequence);
    fleet->Send(worker, std::move(message));
  }
}

void RunRecords::OnBatch(const v1::RecordBatch& batch) {
  assembler_.OnBatch(batch);
  std::vector<std::pair<uint32_t, uint64_t>> below;  // by phase: a batch rarely spans two
  for (const v1::Record& record : batch.records()) {
    if (below.empty() || below.back().first != record.phase()) below.push_back({record.phase(), 0});
    below.back().second = std::max(below.back().second, record.k() + 1);
  }
  const std::lock_guard lock(mutex_);
  for (const v1::Record& record : batch.records()) errors_.Add(record);
  for (const auto& [phase, end] : below) {
    uint64_t& known = recorded_below_[{phase, batch.worker()}];
    known = std::max(known, end);
  }
}

void RunRecords::OnAck(uint32_t worker, uint64_t, uint64_t sequence) {
  const std::lock_guard lock(mutex_);
  acks_[worker] = sequence;
}

void RunRecords::Add(const v1::PhaseStart& start) {
  journal_->Append(start);
  assembler_.OnPhaseStart(start);
}

void RunRecords::Add(const v1::WorkerPhaseDone& done) {
  journal_->Append(done);
  assembler_.OnPhaseDone(done);
}

void RunRecords::Add(const v1::WorkerHistograms& histograms) {
  journal_->Append(histograms);
  assembler_.OnHistograms(histograms);
}

// Late data of a lost worker, or somebody else's: refused, and said.
void RunRecords::NoteLateRecords(v1::RunEnd* end) const {
  const uint64_t foreign = source_->counters().foreign;
  if (foreign == 0) return;
  end->add_notes(absl::StrCat(foreign,
                              " record batches were refused: they came from a worker that "
                              "was lost before, or from another run."));
}

void RunRecords::NoteJournal(const absl::Status& journal, v1::RunEnd* end) {
  if (journal.ok()) return;
  LOG(WARNING) << journal.message();
  end->set_journal_fault(std::string(journal.message()));
}

RunResult RunRecords::Close(v1::RunEnd end) {
  NoteLateRecords(&end);
  source_.reset();
  const absl::Status before = journal_->status();
  NoteJournal(before, &end);
  const absl::Status closed = journal_->Close(end);
  if (before.ok()) NoteJournal(closed, &end);  // its very last entry failed
  assembler_.OnRunEnd(end);
  return assembler_.Finish();
}

}  // namespace drumfire
