#include "coordinator/run/run_records.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/memory/memory.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/control/limits.h"
#include "common/record/frame.h"
#include "common/status/status_macros.h"
#include "glog/logging.h"

namespace drumfire {
namespace {

// Whatever a worker may send fits an entry, with what is added to it.
static_assert(kMaxWorkerMessageBytes + (64 << 10) <= kMaxFramePayloadBytes);

// A worker that listens on all addresses is reached by the one it was dialled at.
std::string ReachableEndpoint(const std::string& endpoint, const std::string& dialled) {
  const std::string host = dialled.substr(0, dialled.rfind(':'));
  return absl::StrReplaceAll(endpoint, {{"//0.0.0.0:", absl::StrCat("//", host, ":")},
                                        {"//[::]:", absl::StrCat("//", host, ":")}});
}

// A worker on another host could otherwise have any socket of this host connected to.
absl::Status CheckEndpoint(const Member& member) {
  const std::string& endpoint = member.ready.records_endpoint();
  const bool is_local = absl::StartsWith(member.address(), "unix:");
  if (absl::StartsWith(endpoint, is_local ? "ipc://" : "tcp://")) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("worker ", member.address(), " offers its records at \"", endpoint,
                   "\", expected ", is_local ? "ipc://PATH" : "tcp://HOST:PORT"));
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

absl::StatusOr<std::unique_ptr<RunRecords>> RunRecords::Create(const v1::RunManifest& manifest,
                                                               Parts parts) {
  DRUMFIRE_ASSIGN_OR_RETURN(
      auto journal,
      Journal::Create(std::move(parts.file), {parts.plan_hash, manifest.run_id()}, parts.runners));
  return absl::WrapUnique(new RunRecords(manifest, std::move(parts), std::move(journal)));
}

RunRecords::RunRecords(const v1::RunManifest& manifest, Parts parts,
                       std::unique_ptr<Journal> journal)
    : visitor_(parts.visitor),
      plan_(manifest.plan()),
      gate_(plan_, *parts.clock),
      assembler_(manifest, RecordSource::kGate),
      journal_(std::move(journal)),
      errors_(manifest.plan()),
      transport_(std::move(parts.transport)) {
  RecordConsumer* const consumer = this;
  intake_.emplace(manifest.run_id(), transport_.get(), consumer, journal_.get(), &gate_);
  runner_ = parts.runners->Run(&*intake_, transport_->waiter());
  transport_->SetArrivalHandler([runner = runner_.get()] { runner->Wake(); });
  journal_->SetSettledHandler([runner = runner_.get()] { runner->Wake(); });
}

RunRecords::~RunRecords() { StopIntake(); }

void RunRecords::StopIntake() {
  transport_->SetArrivalHandler([] {});
  journal_->SetSettledHandler(nullptr);
  runner_.reset();
}

absl::StatusOr<bool> RunRecords::LinkRecords(const Member& member) {
  if (!added_.contains(member.worker())) {
    DRUMFIRE_RETURN_IF_ERROR(CheckEndpoint(member));
    AddWorker(member);
  }
  return intake_->IsLinked(member.worker());
}

void RunRecords::AddWorker(const Member& member) {
  CHECK(runner_ != nullptr) << "the run is closed";
  added_.insert(member.worker());
  Add(FactsOf(member));
  RecordLinkSpec spec{member.worker(), member.epoch(),
                      ReachableEndpoint(member.ready.records_endpoint(), member.address()),
                      member.ready.records_server_key()};
  runner_->PostAlways([this, spec = std::move(spec)] { intake_->AddWorker(spec); });
}

std::optional<uint64_t> RunRecords::CloseRecords(uint32_t worker, uint32_t phase) {
  CHECK(added_.contains(worker)) << worker;
  if (closing_.insert(worker).second) {
    runner_->PostAlways([this, worker] {
      intake_->RemoveWorker(worker);
      gate_.Forget(worker);
    });
  }
  if (!intake_->IsRemoved(worker)) return std::nullopt;
  const MutexLock lock(&mutex_);
  acks_.erase(worker);
  const auto found = recorded_below_.find({phase, worker});
  return found == recorded_below_.end() ? 0 : found->second;
}

std::vector<std::pair<uint32_t, std::string>> RunRecords::TakeRefusals() {
  std::vector<std::pair<uint32_t, std::string>> fresh;
  for (const auto& [worker, why] : intake_->refusals()) {
    if (!refused_.insert(worker).second) continue;
    fresh.emplace_back(worker, absl::StrCat("its records cannot be true: ", why));
  }
  return fresh;
}

std::string RunRecords::ErrorLimitReached() {
  const MutexLock lock(&mutex_);
  return errors_.reached();
}

void RunRecords::NoteMissing(uint32_t worker, uint64_t last_sequence) {
  missing_.push_back(absl::StrCat("worker ", worker, ": it said that its last batch was number ",
                                  last_sequence, ", but all came only up to number ",
                                  intake_->Progress(worker).complete_up_to));
}

void RunRecords::SendAcks(Fleet* fleet) {
  std::map<uint32_t, uint64_t> acks;
  {
    const MutexLock lock(&mutex_);
    acks.swap(acks_);
  }
  for (const auto& [worker, sequence] : acks) {
    v1::CoordinatorMessage message;
    message.mutable_record_ack()->set_sequence(sequence);
    fleet->Send(worker, std::move(message));
  }
}

// The intake has appended it to the journal.
void RunRecords::OnBatch(const v1::RecordBatch& batch) {
  Show(batch);
  std::vector<std::pair<uint32_t, uint64_t>> below;  // by phase: a batch rarely spans two
  for (const v1::Record& record : batch.records()) {
    if (below.empty() || below.back().first != record.phase()) below.push_back({record.phase(), 0});
    below.back().second = std::max(below.back().second, record.session() + 1);
  }
  const MutexLock lock(&mutex_);
  for (const v1::Record& record : batch.records()) errors_.Add(record);
  for (const auto& [phase, end] : below) {
    uint64_t& known = recorded_below_[{phase, batch.worker()}];
    known = std::max(known, end);
  }
}

void RunRecords::OnAck(uint32_t worker, uint64_t, uint64_t sequence) {
  const MutexLock lock(&mutex_);
  acks_[worker] = sequence;
  if (on_progress_ != nullptr) on_progress_();
}

void RunRecords::SetProgressHandler(std::function<void()> on_progress) {
  const MutexLock lock(&mutex_);
  on_progress_ = std::move(on_progress);
}

// Late data of a lost worker, or somebody else's: refused, and said.
void RunRecords::NoteFaults(v1::RunEnd* end) const {
  for (const auto& [worker, why] : intake_->refusals()) {
    end->add_record_faults(absl::StrCat("worker ", worker, ": ", why));
  }
  for (const std::string& missing : missing_) end->add_record_faults(missing);
  end->set_damaged_frames(intake_->counters().damaged);
}

void RunRecords::NoteLateRecords(v1::RunEnd* end) const {
  const uint64_t foreign = intake_->counters().foreign;
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
  CHECK(runner_ != nullptr) << "closed twice";
  NoteLateRecords(&end);
  NoteFaults(&end);
  StopIntake();
  const absl::Status before = journal_->status();
  NoteJournal(before, &end);
  const absl::Status closed = journal_->Close(end);
  if (before.ok()) NoteJournal(closed, &end);  // its very last entry failed
  Show(end);
  return assembler_.Finish();
}

}  // namespace drumfire
