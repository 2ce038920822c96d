// Does a journal survive failing disks, and does the reader get back all that is whole, and nothing
// else?
#include "coordinator/ingest/journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "common/loop/testing.h"
#include "coordinator/ingest/journal_reader.h"
#include "coordinator/ingest/testing.h"

namespace drumfire {
namespace {

using ::drumfire::testutil::FakeDisk;
using ::drumfire::testutil::FakeJournalFile;
using ::drumfire::testutil::Framed;
using ::drumfire::testutil::MakeBatch;
using ::drumfire::testutil::MakeHeader;
using ::drumfire::testutil::ManualLoops;
using ::drumfire::testutil::TemporaryFolder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

absl::StatusOr<std::unique_ptr<Journal>> MakeJournal(FakeDisk* disk,
                                                     LoopRunners* runners = nullptr) {
  return Journal::Create(std::make_unique<FakeJournalFile>(disk), MakeHeader(), runners);
}

// One word an entry.
class ListingVisitor : public JournalVisitor {
 public:
  void OnBatch(const v1::RecordBatch& batch) override { Add("batch", batch.sequence()); }
  void OnWorkerFacts(const v1::WorkerFacts& facts) override { Add("facts", facts.worker()); }
  void OnPhaseStart(const v1::PhaseStart& start) override { Add("start", start.phase()); }
  void OnPhaseDone(const v1::WorkerPhaseDone& done) override {
    Add("done", done.done().records_made());
  }
  void OnHistograms(const v1::WorkerHistograms& histograms) override {
    Add("histograms", histograms.histograms().interval());
  }
  void OnRunEnd(const v1::RunEnd&) override { Add("end", 0); }

  std::vector<std::string> entries;

 private:
  void Add(const char* name, uint64_t number) { entries.push_back(name + std::to_string(number)); }
};

void Write(const std::string& path, absl::string_view bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

struct ReadBack {
  absl::Status status;
  JournalReadResult result;
  std::vector<std::string> entries;
};

ReadBack Read(const std::string& path) {
  const absl::StatusOr<std::unique_ptr<JournalReader>> reader = JournalReader::Open(path);
  if (!reader.ok()) return {.status = reader.status(), .result = {}, .entries = {}};
  ListingVisitor visitor;
  const absl::StatusOr<JournalReadResult> result = (*reader)->Read(&visitor);
  if (!result.ok()) return {.status = result.status(), .result = {}, .entries = {}};
  return {absl::OkStatus(), *result, visitor.entries};
}

ReadBack ReadBytes(absl::string_view bytes) {
  const TemporaryFolder folder;
  Write(folder.File("journal.dfj"), bytes);
  return Read(folder.File("journal.dfj"));
}

// Every type of entry once, batches twice.
void AppendAll(Journal* journal) {
  v1::WorkerFacts facts;
  facts.set_worker(3);
  journal->Append(facts);
  v1::PhaseStart start;
  start.set_phase(1);
  journal->Append(start);
  journal->AppendBatch(Framed(MakeBatch(1, 2)));
  journal->AppendBatch(Framed(MakeBatch(2)));
  v1::WorkerHistograms histograms;
  histograms.mutable_histograms()->set_interval(5);
  journal->Append(histograms);
  v1::WorkerPhaseDone done;
  done.mutable_done()->set_records_made(3);
  journal->Append(done);
}

std::string WholeJournal() {
  FakeDisk disk;
  const auto journal = MakeJournal(&disk);
  AppendAll(journal->get());
  EXPECT_TRUE((*journal)->Close(v1::RunEnd()).ok());
  return disk.bytes;
}

const std::vector<std::string>& AllEntries() {
  static const auto* const kEntries = new std::vector<std::string>{
      "facts3", "start1", "batch1", "batch2", "histograms5", "done3", "end0"};
  return *kEntries;
}

TEST(JournalTest, UnwritableFileIsKnownAtOnce) {
  FakeDisk disk;
  disk.capacity_bytes = 10;
  EXPECT_EQ(MakeJournal(&disk).status().code(), absl::StatusCode::kResourceExhausted);
  FakeDisk unsynced;
  unsynced.sync_fails = true;
  EXPECT_FALSE(MakeJournal(&unsynced).ok());
}

TEST(JournalTest, RefusesABadHeader) {
  FakeDisk disk;
  JournalHeader header = MakeHeader();
  header.run_id = "short";
  EXPECT_EQ(
      Journal::Create(std::make_unique<FakeJournalFile>(&disk), header, nullptr).status().code(),
      absl::StatusCode::kInvalidArgument);
}

TEST(JournalTest, FullDiskLosesEntriesButNotTheRunNorWhatWasWritten) {
  const std::string whole = WholeJournal();
  for (size_t capacity = kJournalHeaderBytes; capacity < whole.size(); ++capacity) {
    FakeDisk disk;
    disk.capacity_bytes = capacity;
    const auto journal = MakeJournal(&disk);
    ASSERT_TRUE(journal.ok());
    AppendAll(journal->get());
    const absl::Status closed = (*journal)->Close(v1::RunEnd());
    EXPECT_EQ(closed.code(), absl::StatusCode::kResourceExhausted);
    EXPECT_THAT(closed.message(), HasSubstr("journal: no space left"));
    const JournalCounters counters = (*journal)->counters();
    EXPECT_EQ(counters.entries + counters.entries_lost, AllEntries().size());
    EXPECT_GE(counters.entries_lost, 1u);
    EXPECT_GE(ReadBytes(disk.bytes).result.entries, counters.entries);
  }
}

TEST(JournalTest, NothingIsWrittenBehindATornEntryWhenTheDiskHasRoomAgain) {
  FakeDisk disk;
  disk.capacity_bytes = kJournalHeaderBytes + 3;
  const auto journal = MakeJournal(&disk);
  journal->get()->AppendBatch(Framed(MakeBatch(1)));
  (*journal)->Write();
  disk.capacity_bytes = SIZE_MAX;
  journal->get()->AppendBatch(Framed(MakeBatch(2)));
  (*journal)->Write();
  EXPECT_EQ(disk.bytes.size(), kJournalHeaderBytes + 3);
  EXPECT_EQ((*journal)->counters().entries_lost, 2u);
}

TEST(JournalTest, ShortWritesAreCompleted) {
  FakeDisk disk;
  disk.append_at_most_bytes = 7;
  const auto journal = MakeJournal(&disk);
  ASSERT_TRUE(journal.ok()) << journal.status();
  AppendAll(journal->get());
  ASSERT_TRUE((*journal)->Close(v1::RunEnd()).ok());
  EXPECT_EQ(disk.bytes, WholeJournal());
  EXPECT_EQ((*journal)->counters().bytes, disk.bytes.size());
}

TEST(JournalTest, FailedSyncIsKeptAndWritingGoesOn) {
  FakeDisk disk;
  const auto journal = MakeJournal(&disk);
  AppendAll(journal->get());
  disk.sync_fails = true;
  EXPECT_THAT((*journal)->Close(v1::RunEnd()).message(), HasSubstr("sync failed"));
  EXPECT_EQ((*journal)->counters().entries_lost, 0u);
  EXPECT_EQ(disk.bytes, WholeJournal());
}

TEST(JournalTest, EntryAboveTheFrameBoundIsCountedAndTheRestGoesOn) {
  FakeDisk disk;
  const auto journal = MakeJournal(&disk);
  v1::WorkerFacts facts;
  facts.set_address(std::string(kMaxFramePayloadBytes, 'x'));
  (*journal)->Append(facts);
  AppendAll(journal->get());
  EXPECT_EQ((*journal)->Close(v1::RunEnd()).code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ((*journal)->counters().entries_lost, 1u);
  EXPECT_EQ(ReadBytes(disk.bytes).entries, AllEntries());
}

TEST(JournalTest, GatheredBatchesReachTheFileAtWrite) {
  FakeDisk disk;
  const auto journal = MakeJournal(&disk);
  (*journal)->AppendBatch(Framed(MakeBatch(1)));
  EXPECT_EQ(disk.bytes.size(), kJournalHeaderBytes);
  (*journal)->Write();
  EXPECT_THAT(ReadBytes(disk.bytes).entries, ElementsAre("batch1"));
}

TEST(JournalTest, SyncsByItselfEveryInterval) {
  FakeDisk disk;
  FakeClock clock(5);
  ManualLoops loops(&clock);
  const auto journal = MakeJournal(&disk, &loops);
  ASSERT_TRUE(journal.ok());
  loops.RunUntilIdle();
  loops.RunFor(kJournalSyncIntervalNs - 1);
  EXPECT_EQ(disk.syncs, 1u) << "the header's only";
  loops.RunFor(1);
  EXPECT_EQ(disk.syncs, 2u);
  loops.RunFor(kJournalSyncIntervalNs);
  EXPECT_EQ(disk.syncs, 3u);
}

TEST(JournalTest, ASyncThatFailsBetweenTwoEntriesIsReportedAndWritingGoesOn) {
  FakeDisk disk;
  FakeClock clock(5);
  ManualLoops loops(&clock);
  const auto journal = MakeJournal(&disk, &loops);
  loops.RunUntilIdle();
  disk.sync_fails = true;
  loops.RunFor(kJournalSyncIntervalNs);
  EXPECT_THAT((*journal)->status().message(), HasSubstr("sync failed"));
  disk.sync_fails = false;
  (*journal)->AppendBatch(Framed(MakeBatch(1)));
  (*journal)->Write();
  loops.RunUntilIdle();
  EXPECT_THAT(ReadBytes(disk.bytes).entries, ElementsAre("batch1"));
}

// The loop that writes has had no turn: the disk holds up the run, or so it would be.
TEST(JournalTest, AppendingWaitsForNoDiskAndTellsWhenEntriesAreSettled) {
  FakeDisk disk;
  FakeClock clock(5);
  ManualLoops loops(&clock);
  const auto journal = MakeJournal(&disk, &loops);
  int settled_calls = 0;
  (*journal)->SetSettledHandler([&] { ++settled_calls; });
  AppendAll(journal->get());
  EXPECT_EQ(disk.bytes.size(), kJournalHeaderBytes);
  EXPECT_EQ((*journal)->appended(), AllEntries().size() - 1);
  EXPECT_EQ((*journal)->settled(), 0u);
  loops.RunUntilIdle();
  EXPECT_EQ((*journal)->settled(), (*journal)->appended());
  EXPECT_EQ(settled_calls, 1);
  EXPECT_EQ(ReadBytes(disk.bytes).entries.size(), AllEntries().size() - 1);
  ASSERT_TRUE((*journal)->Close(v1::RunEnd()).ok());
  EXPECT_EQ(disk.bytes, WholeJournal());
}

TEST(JournalTest, ThereIsNoRoomForRecordsWhileTooMuchWaits) {
  FakeDisk disk;
  FakeClock clock(5);
  ManualLoops loops(&clock);
  const auto journal = MakeJournal(&disk, &loops);
  const std::string batch = Framed(MakeBatch(1));
  for (uint64_t i = 1; i < kJournalQueuedEntries; ++i) (*journal)->AppendBatch(batch);
  EXPECT_TRUE((*journal)->HasRoom());
  (*journal)->AppendBatch(batch);
  EXPECT_FALSE((*journal)->HasRoom());
  (*journal)->Append(v1::PhaseStart());  // the run's own entries have room
  loops.RunUntilIdle();
  EXPECT_TRUE((*journal)->HasRoom());
  EXPECT_EQ((*journal)->counters().entries, kJournalQueuedEntries + 1);
  (*journal)->AppendBatch(std::string(kJournalQueuedBytes, 'x'));
  EXPECT_FALSE((*journal)->HasRoom());
  (*journal)->Write();
  loops.RunFor(kJournalWriteIntervalNs);
  EXPECT_TRUE((*journal)->HasRoom());
}

TEST(JournalTest, ManySmallBatchesCostFewWrites) {
  FakeDisk disk;
  int writes = 0;
  FakeClock clock(5);
  ManualLoops loops(&clock);
  const auto journal = MakeJournal(&disk, &loops);
  loops.RunUntilIdle();
  disk.on_append = [&] { ++writes; };
  for (uint64_t i = 1; i <= 100; ++i) {
    (*journal)->AppendBatch(Framed(MakeBatch(i)));
    (*journal)->Write();
    loops.RunFor(kJournalWriteIntervalNs / 10);
  }
  loops.RunFor(kJournalWriteIntervalNs);
  EXPECT_EQ((*journal)->settled(), 100u);
  EXPECT_LE(writes, 11);
}

TEST(JournalTest, TheRunsOwnEntriesPastTheBoundAreLostAndTheEndIsNot) {
  FakeDisk disk;
  FakeClock clock(5);
  ManualLoops loops(&clock);
  const auto journal = MakeJournal(&disk, &loops);
  v1::WorkerFacts large;
  large.set_address(std::string(kMaxFramePayloadBytes - 100, 'x'));
  const uint64_t fit = kJournalMostQueuedBytes / (kMaxFramePayloadBytes - 100);
  for (uint64_t i = 0; i < fit + 2; ++i) (*journal)->Append(large);
  EXPECT_EQ((*journal)->counters().entries_lost, 2u);
  EXPECT_THAT((*journal)->status().message(), HasSubstr("the disk is too slow"));
  (void)(*journal)->Close(v1::RunEnd());
  EXPECT_EQ(ReadBytes(disk.bytes).entries.back(), "end0");
}

TEST(JournalTest, AFailedDiskSettlesWhatItLosesSoThatTheRunGoesOn) {
  FakeDisk disk;
  disk.capacity_bytes = kJournalHeaderBytes + 3;
  FakeClock clock(5);
  ManualLoops loops(&clock);
  const auto journal = MakeJournal(&disk, &loops);
  AppendAll(journal->get());
  loops.RunUntilIdle();
  EXPECT_EQ((*journal)->settled(), (*journal)->appended());
}

TEST(JournalTest, DestructionWithoutCloseLeavesAReadableJournalWithoutEnd) {
  FakeDisk disk;
  { AppendAll(MakeJournal(&disk)->get()); }
  std::vector<std::string> expected = AllEntries();
  expected.pop_back();
  EXPECT_EQ(ReadBytes(disk.bytes).entries, expected);
}

TEST(JournalFileTest, NeverTouchesAFileThatIsThere) {
  const TemporaryFolder folder;
  Write(folder.File("journal.dfj"), "precious");
  EXPECT_EQ(CreateJournalFile(folder.File("journal.dfj")).status().code(),
            absl::StatusCode::kAlreadyExists);
  EXPECT_FALSE(CreateJournalFile(folder.File("no/such/folder/journal.dfj")).ok());
}

TEST(JournalFileTest, RealFileIsReadBackWhole) {
  const TemporaryFolder folder;
  const std::string path = folder.File(kJournalFileName);
  auto file = CreateJournalFile(path);
  ASSERT_TRUE(file.ok()) << file.status();
  auto journal = Journal::Create(*std::move(file), MakeHeader(), nullptr);
  ASSERT_TRUE(journal.ok()) << journal.status();
  AppendAll(journal->get());
  ASSERT_TRUE((*journal)->Close(v1::RunEnd()).ok());
  const ReadBack back = Read(path);
  ASSERT_TRUE(back.status.ok()) << back.status;
  EXPECT_EQ(back.entries, AllEntries());
  EXPECT_EQ(back.result.torn_bytes, 0u);
  EXPECT_EQ(back.result.torn_reason, "");
}

TEST(JournalReaderTest, NamesAFileThatCannotBeRead) {
  EXPECT_EQ(Read("/no/such/journal.dfj").status.code(), absl::StatusCode::kNotFound);
  EXPECT_FALSE(Read("/").status.ok());
  EXPECT_EQ(ReadBytes("").status.code(), absl::StatusCode::kDataLoss);
}

TEST(JournalReaderTest, TornAtAnyByteGivesAllWholeEntriesBefore) {
  const std::string whole = WholeJournal();
  const TemporaryFolder folder;
  const std::string path = folder.File("journal.dfj");
  size_t most_entries = 0;
  for (size_t size = kJournalHeaderBytes; size < whole.size(); ++size) {
    Write(path, absl::string_view(whole).substr(0, size));
    const ReadBack back = Read(path);
    ASSERT_TRUE(back.status.ok()) << back.status;
    ASSERT_GE(back.entries.size(), most_entries) << "size " << size;
    most_entries = back.entries.size();
    const bool ends_whole = back.result.torn_bytes == 0;
    EXPECT_EQ(ends_whole, back.result.torn_reason.empty()) << "size " << size;
    EXPECT_TRUE(std::equal(back.entries.begin(), back.entries.end(), AllEntries().begin()));
  }
  EXPECT_EQ(most_entries, AllEntries().size() - 1);
}

TEST(JournalReaderTest, DamageAtAnyByteNeverInventsEntries) {
  const std::string whole = WholeJournal();
  const TemporaryFolder folder;
  const std::string path = folder.File("journal.dfj");
  for (size_t at = kJournalHeaderBytes; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    Write(path, damaged);
    const ReadBack back = Read(path);
    ASSERT_TRUE(back.status.ok()) << back.status;
    EXPECT_LT(back.entries.size(), AllEntries().size()) << "byte " << at;
    EXPECT_TRUE(std::equal(back.entries.begin(), back.entries.end(), AllEntries().begin()));
    EXPECT_GT(back.result.torn_bytes, 0u) << "byte " << at;
    EXPECT_NE(back.result.torn_reason, "") << "byte " << at;
  }
}

TEST(JournalReaderTest, StopsAtABatchOfAnotherRun) {
  FakeDisk disk;
  v1::RecordBatch foreign = MakeBatch(1);
  foreign.set_run_id("another run's id");
  {
    const auto journal = MakeJournal(&disk);
    (*journal)->AppendBatch(Framed(foreign));
  }
  const ReadBack back = ReadBytes(disk.bytes);
  EXPECT_THAT(back.entries, IsEmpty());
  EXPECT_THAT(back.result.torn_reason, HasSubstr("another run"));
}

TEST(JournalReaderTest, ReadsFarMoreThanItsWindow) {
  FakeDisk disk;
  constexpr uint64_t kBatches = 200;
  {
    const auto journal = MakeJournal(&disk);
    for (uint64_t i = 1; i <= kBatches; ++i) {
      (*journal)->AppendBatch(Framed(MakeBatch(i, 5000, 1 << 20)));
    }
  }
  EXPECT_EQ(ReadBytes(disk.bytes).entries.size(), kBatches);
}

}  // namespace
}  // namespace drumfire
