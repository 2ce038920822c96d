#include "tests/simulation/sim_records.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/plan/plan_hash.h"
#include "coordinator/ingest/journal_reader.h"

namespace drumfire::simulation {
namespace {

// The sync thread is there and sleeps: syncs are no part of the simulation.
constexpr int64_t kNeverSyncNs = 3600 * kNsPerSecond;
constexpr int kSwallowEach = 5;

// Says at times that it took what it did not.
class SwallowingFile : public testing::FakeJournalFile {
 public:
  using FakeJournalFile::FakeJournalFile;
  absl::StatusOr<size_t> Append(absl::string_view bytes) override {
    if (++appends_ % kSwallowEach == 0) return bytes.size();
    return FakeJournalFile::Append(bytes);
  }

 private:
  int appends_ = 0;
};

std::unique_ptr<JournalFile> MakeFile(const Scenario& scenario, testing::FakeDisk* disk) {
  if (scenario.mutation == Mutation::kJournalSwallows) {
    return std::make_unique<SwallowingFile>(disk);
  }
  return std::make_unique<testing::FakeJournalFile>(disk);
}

// Bytes as a file, without a disk.
class MemoryFile {
 public:
  explicit MemoryFile(const std::string& bytes) : descriptor_(memfd_create("journal", 0)) {
    if (write(descriptor_, bytes.data(), bytes.size()) < 0) return;
  }
  ~MemoryFile() { close(descriptor_); }
  std::string path() const { return absl::StrCat("/proc/self/fd/", descriptor_); }

 private:
  const int descriptor_;
};

class CountingAssembler : public RunAssembler {
 public:
  using RunAssembler::RunAssembler;
  void OnBatch(const v1::RecordBatch& batch) override {
    records_ += static_cast<uint64_t>(batch.records_size());
    RunAssembler::OnBatch(batch);
  }
  uint64_t records() const { return records_; }

 private:
  uint64_t records_ = 0;
};

}  // namespace

SimRecords::SimRecords(const Scenario& scenario, const v1::RunManifest& manifest, RecordLink* link,
                       Checker* checker, testing::FakeDisk* disk)
    : link_(link), checker_(checker), assembler_(manifest) {
  auto journal = Journal::Create(MakeFile(scenario, disk),
                                 {PlanHash(manifest.plan()), manifest.run_id()}, kNeverSyncNs);
  if (!journal.ok()) return;
  journal_ = *std::move(journal);
  RecordConsumer* const consumer = this;
  intake_ = std::make_unique<BatchIntake>(manifest.run_id(), consumer, journal_.get());
  link_->SetTaker([this](const std::string& frame) { Take(frame); });
}

void SimRecords::Take(const std::string& frame) {
  intake_->Take(frame);
  journal_->Write();
  intake_->AckTaken();
}

void SimRecords::AddWorker(const Member& member) {
  if (!added_.insert(member.worker()).second) return;
  checker_->OnMember(member.worker(), member.address());
  v1::WorkerFacts facts;
  facts.set_worker(member.worker());
  facts.set_epoch(member.epoch());
  facts.set_address(member.address());
  Add(facts);
  intake_->AddWorker(member.worker(), member.epoch());
}

uint64_t SimRecords::CloseWorker(uint32_t worker, uint32_t phase) {
  intake_->RemoveWorker(worker);
  acks_.erase(worker);
  const auto found = recorded_below_.find({phase, worker});
  return found == recorded_below_.end() ? 0 : found->second;
}

bool SimRecords::HasAll(uint32_t worker, uint64_t sequence) const {
  return intake_->Progress(worker).complete_up_to >= sequence;
}

void SimRecords::SendAcks(Fleet* fleet) {
  for (const auto& [worker, sequence] : std::exchange(acks_, {})) {
    v1::CoordinatorMessage message;
    message.mutable_record_ack()->set_sequence(sequence);
    fleet->Send(worker, std::move(message));
  }
}

void SimRecords::OnBatch(const v1::RecordBatch& batch) {
  assembler_.OnBatch(batch);
  for (const v1::Record& record : batch.records()) {
    checker_->OnRecord(batch.worker(), record);
    uint64_t& below = recorded_below_[{record.phase(), batch.worker()}];
    below = std::max(below, record.k() + 1);
  }
}

void SimRecords::OnAck(uint32_t worker, uint64_t, uint64_t sequence) { acks_[worker] = sequence; }

RunResult SimRecords::Close(v1::RunEnd end) {
  const uint64_t foreign = intake_->counters().foreign;
  if (foreign > 0) end.add_notes(absl::StrCat(foreign, " record batches were refused"));
  link_->Close();
  const absl::Status closed = journal_->Close(end);
  journal_failed_ = !closed.ok();
  if (!closed.ok()) end.set_journal_fault(std::string(closed.message()));
  assembler_.OnRunEnd(end);
  return assembler_.Finish();
}

absl::StatusOr<Report> MakeReport(const std::string& journal, const v1::RunManifest& manifest) {
  const MemoryFile file(journal);
  auto reader = JournalReader::Open(file.path());
  if (!reader.ok()) return reader.status();
  CountingAssembler assembler(manifest);
  const auto read = (*reader)->Read(&assembler);
  if (!read.ok()) return read.status();
  return Report{assembler.Finish(), assembler.records()};
}

}  // namespace drumfire::simulation
