#include "coordinator/ingest/journal.h"

#include <string>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "common/buggify/buggify.h"
#include "common/record/frame.h"
#include "common/status/status_macros.h"
#include "glog/logging.h"

namespace drumfire {
namespace {

// Memory that a writer keeps from one write to the next; what a slow disk made it take is given
// back.
constexpr size_t kKeptBytes = size_t{8} << 20;

}  // namespace

absl::StatusOr<std::unique_ptr<Journal>> Journal::Create(std::unique_ptr<JournalFile> file,
                                                         const JournalHeader& header,
                                                         LoopRunners* runners,
                                                         int64_t sync_interval_ns) {
  DRUMFIRE_ASSIGN_OR_RETURN(const std::string bytes, EncodeJournalHeader(header));
  auto journal = absl::WrapUnique(new Journal(std::move(file), sync_interval_ns));
  DRUMFIRE_RETURN_IF_ERROR(journal->Begin(bytes));
  if (runners == nullptr) return journal;
  journal->write_runner_ = runners->Run(&journal->writer_, nullptr);
  journal->sync_runner_ = runners->Run(&journal->syncer_, nullptr);
  return journal;
}

absl::Status Journal::Begin(absl::string_view header) {
  {
    const MutexLock writer(&write_mutex_);
    DRUMFIRE_RETURN_IF_ERROR(WriteAll(header));
  }
  DRUMFIRE_RETURN_IF_ERROR(file_->Sync());
  is_open_ = true;
  return absl::OkStatus();
}

Journal::~Journal() {
  if (!is_open_) return;
  EndLoops();
  WriteGathered();
  Sync();
}

// A write or a sync under way is waited for.
void Journal::EndLoops() {
  write_runner_.reset();
  sync_runner_.reset();
}

int64_t Journal::Writer::Step(int64_t now_ns) {
  if (!journal_->is_woken_) return kNever;
  if (now_ns < next_ns_) return next_ns_;
  journal_->is_woken_ = false;  // first: what comes during the write wants another one
  journal_->WriteGathered();
  next_ns_ = now_ns + kJournalWriteIntervalNs;
  return journal_->is_woken_ ? next_ns_ : kNever;
}

int64_t Journal::Syncer::Step(int64_t now_ns) {
  if (next_ns_ > now_ns) return next_ns_;
  if (next_ns_ > 0) journal_->Sync();
  return next_ns_ = now_ns + interval_ns_;
}

bool Journal::HasRoom() const {
  const MutexLock lock(&mutex_);
  return queued_bytes_ < kJournalQueuedBytes && appended_ - settled_ < kJournalQueuedEntries;
}

void Journal::AppendBatch(absl::string_view frame) {
  const MutexLock lock(&mutex_);
  gathered_.push_back(static_cast<char>(JournalEntryType::kRecordBatch));
  gathered_.append(frame.data(), frame.size());
  queued_bytes_ += 1 + frame.size();
  ++appended_;
}

void Journal::AppendMessage(JournalEntryType type, const google::protobuf::MessageLite& message) {
  std::string entry(1, static_cast<char>(type));
  absl::Status taken = AppendFrame(message, &entry);
  if (taken.ok() && !Gather(entry)) {
    taken = absl::ResourceExhaustedError(absl::StrCat(
        "the disk is too slow: more than ", kJournalMostQueuedBytes, " bytes wait to be written"));
  }
  if (taken.ok()) return Write();
  KeepFailure(taken);
  const MutexLock lock(&mutex_);
  ++counters_.entries_lost;
}

bool Journal::Gather(const std::string& entry) {
  const MutexLock lock(&mutex_);
  if (queued_bytes_ + entry.size() > kJournalMostQueuedBytes) return false;
  gathered_ += entry;
  queued_bytes_ += entry.size();
  ++appended_;
  return true;
}

void Journal::Write() {
  if (write_runner_ == nullptr) return WriteGathered();
  if (!is_woken_.exchange(true)) write_runner_->Wake();
}

void Journal::WriteGathered() {
  const MutexLock writer(&write_mutex_);
  uint64_t entries = 0;
  {
    const MutexLock lock(&mutex_);
    writing_.swap(gathered_);
    entries = appended_ - settled_;
  }
  if (entries == 0) return;
  if (!has_failed_) {
    const absl::Status written = WriteAll(writing_);
    has_failed_ = !written.ok();
    KeepFailure(written);
  }
  Settle(entries, !has_failed_);
  writing_.clear();
  if (writing_.capacity() > kKeptBytes) std::string().swap(writing_);
}

void Journal::Settle(uint64_t entries, bool are_written) {
  {
    const MutexLock lock(&mutex_);
    settled_ += entries;
    queued_bytes_ -= writing_.size();
    (are_written ? counters_.entries : counters_.entries_lost) += entries;
  }
  const MutexLock lock(&handler_mutex_);
  if (on_settled_ != nullptr) on_settled_();
}

void Journal::SetSettledHandler(std::function<void()> on_settled) {
  const MutexLock lock(&handler_mutex_);
  on_settled_ = std::move(on_settled);
}

uint64_t Journal::appended() const {
  const MutexLock lock(&mutex_);
  return appended_;
}

uint64_t Journal::settled() const {
  const MutexLock lock(&mutex_);
  return settled_;
}

absl::Status Journal::WriteAll(absl::string_view bytes) {
  while (!bytes.empty()) {
    const size_t at_once = Buggify("journal: a write of one byte") ? 1 : bytes.size();
    DRUMFIRE_ASSIGN_OR_RETURN(const size_t taken, file_->Append(bytes.substr(0, at_once)));
    bytes.remove_prefix(taken);
    const MutexLock lock(&mutex_);
    counters_.bytes += taken;
  }
  return absl::OkStatus();
}

absl::Status Journal::Close(const v1::RunEnd& end) {
  CHECK(std::exchange(is_open_, false)) << "closed twice";
  EndLoops();
  WriteGathered();  // so that there is room for the last one
  Append(end);
  Sync();
  return status();
}

void Journal::Sync() { KeepFailure(file_->Sync()); }

void Journal::KeepFailure(const absl::Status& status) {
  if (status.ok()) return;
  const MutexLock lock(&mutex_);
  if (status_.ok()) {
    status_ = absl::Status(status.code(), absl::StrCat("journal: ", status.message()));
  }
}

absl::Status Journal::status() const {
  const MutexLock lock(&mutex_);
  return status_;
}

JournalCounters Journal::counters() const {
  const MutexLock lock(&mutex_);
  return counters_;
}

}  // namespace drumfire
