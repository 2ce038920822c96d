#include "tests/simulation/sim_records.h"

#include <sys/mman.h>
#include <unistd.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "coordinator/ingest/journal_format.h"
#include "coordinator/ingest/journal_reader.h"
#include "tests/simulation/changed_frame.h"

namespace drumfire::simulation {
namespace {

constexpr int kSwallowEach = 5;

// Says at times that it took what it did not.
class SwallowingFile : public testutil::FakeJournalFile {
 public:
  using FakeJournalFile::FakeJournalFile;
  absl::StatusOr<size_t> Append(absl::string_view bytes) override {
    if (++appends_ % kSwallowEach == 0) return bytes.size();
    return FakeJournalFile::Append(bytes);
  }

 private:
  int appends_ = 0;
};

// Keeps the last entry to itself until the next one comes or the file is synced.
class LateFile : public testutil::FakeJournalFile {
 public:
  using FakeJournalFile::FakeJournalFile;
  absl::StatusOr<size_t> Append(absl::string_view bytes) override {
    Flush();
    held_ = std::string(bytes);
    return bytes.size();
  }
  absl::Status Sync() override {
    Flush();
    return FakeJournalFile::Sync();
  }

 private:
  void Flush() {
    while (!held_.empty()) {
      const auto taken = FakeJournalFile::Append(held_);
      held_.erase(0, taken.value_or(held_.size()));
    }
  }

  std::string held_;
};

// Takes nothing on a full disk and says otherwise.
class HidingFile : public testutil::FakeJournalFile {
 public:
  using FakeJournalFile::FakeJournalFile;
  absl::StatusOr<size_t> Append(absl::string_view bytes) override {
    return FakeJournalFile::Append(bytes).value_or(bytes.size());
  }
};

class DoublingFile : public testutil::FakeJournalFile {
 public:
  using FakeJournalFile::FakeJournalFile;
  absl::StatusOr<size_t> Append(absl::string_view bytes) override {
    if (bytes.size() > kJournalHeaderBytes) FakeJournalFile::Append(bytes).IgnoreError();
    return FakeJournalFile::Append(bytes);
  }
};

// The batch comes as that of the worker before it in number.
void Misattribute(v1::RecordBatch* batch) {
  if (batch->worker() > 0) batch->set_worker(batch->worker() - 1);
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

class ListingAssembler : public RunAssembler {
 public:
  using RunAssembler::RunAssembler;
  void OnBatch(const v1::RecordBatch& batch) override {
    batches_.insert({batch.worker(), batch.sequence()});
    RunAssembler::OnBatch(batch);
  }
  const std::set<std::pair<uint32_t, uint64_t>>& batches() const { return batches_; }

 private:
  std::set<std::pair<uint32_t, uint64_t>> batches_;
};

}  // namespace

SimRecordTransport::SimRecordTransport(const Scenario& scenario, RecordStreams* link)
    : scenario_(scenario), link_(link) {
  link_->SetTaker([this](uint32_t worker, const std::string& frame) { Arrive(worker, frame); });
}

absl::Status SimRecordTransport::Connect(const std::string& endpoint, const std::string&) {
  links_[endpoint].was_up = true;
  has_changes_ = true;
  on_arrival_();
  return absl::OkStatus();
}

LinkState SimRecordTransport::StateOf(const std::string& endpoint) const {
  const auto found = links_.find(endpoint);
  return found == links_.end() ? LinkState() : found->second;
}

void SimRecordTransport::Arrive(uint32_t worker, const std::string& frame) {
  if (!links_.contains(RecordsEndpointOf(worker))) return;
  if (scenario_.mutation == Mutation::kConnectIgnored && worker == 0) return;
  const bool is_other = scenario_.mutation == Mutation::kRecordMisattributed;
  waiting_.push_back(is_other ? ChangedFrame(frame, &Misattribute) : frame);
  on_arrival_();
}

std::optional<absl::string_view> SimRecordTransport::Next() {
  if (waiting_.empty()) return std::nullopt;
  frame_ = std::move(waiting_.front());
  waiting_.pop_front();
  return frame_;
}

std::unique_ptr<JournalFile> MakeJournalFile(const Scenario& scenario, testutil::FakeDisk* disk) {
  switch (scenario.mutation) {
    case Mutation::kJournalSwallows:
      return std::make_unique<SwallowingFile>(disk);
    case Mutation::kJournalLate:
      return std::make_unique<LateFile>(disk);
    case Mutation::kJournalTwice:
      return std::make_unique<DoublingFile>(disk);
    case Mutation::kDiskFullHidden:
      return std::make_unique<HidingFile>(disk);
    default:
      return std::make_unique<testutil::FakeJournalFile>(disk);
  }
}

void CheckedEntries::OnBatch(const v1::RecordBatch& batch) {
  for (const v1::Record& record : batch.records()) checker_->OnRecord(batch.worker(), record);
}

absl::StatusOr<Report> MakeReport(const std::string& journal, const v1::RunManifest& manifest) {
  const MemoryFile file(journal);
  auto reader = JournalReader::Open(file.path());
  if (!reader.ok()) return reader.status();
  ListingAssembler assembler(manifest);
  const auto read = (*reader)->Read(&assembler);
  if (!read.ok()) return read.status();
  return Report{assembler.Finish(), assembler.batches()};
}

}  // namespace drumfire::simulation
