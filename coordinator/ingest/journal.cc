#include "coordinator/ingest/journal.h"

#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "common/buggify/buggify.h"
#include "common/record/frame.h"
#include "common/status/status_macros.h"
#include "glog/logging.h"

namespace drumfire {

absl::StatusOr<std::unique_ptr<Journal>> Journal::Create(std::unique_ptr<JournalFile> file,
                                                         const JournalHeader& header,
                                                         LoopRunners* runners,
                                                         int64_t sync_interval_ns) {
  DRUMFIRE_ASSIGN_OR_RETURN(const std::string bytes, EncodeJournalHeader(header));
  auto journal = absl::WrapUnique(new Journal(std::move(file), sync_interval_ns));
  DRUMFIRE_RETURN_IF_ERROR(journal->Begin(bytes));
  if (runners != nullptr) journal->sync_runner_ = runners->Run(&journal->syncer_, nullptr);
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
  Write();
  sync_runner_.reset();
  Sync();
}

int64_t Journal::Syncer::Step(int64_t now_ns) {
  if (next_ns_ > now_ns) return next_ns_;
  if (next_ns_ > 0) {
    journal_->Write();
    journal_->Sync();
  }
  return next_ns_ = now_ns + interval_ns_;
}

void Journal::AppendBatch(absl::string_view frame) {
  const MutexLock lock(&mutex_);
  gathered_.push_back(static_cast<char>(JournalEntryType::kRecordBatch));
  gathered_.append(frame.data(), frame.size());
  ++gathered_entries_;
}

void Journal::AppendMessage(JournalEntryType type, const google::protobuf::MessageLite& message) {
  std::string entry(1, static_cast<char>(type));
  const absl::Status framed = AppendFrame(message, &entry);
  KeepFailure(framed);
  {
    const MutexLock lock(&mutex_);
    if (!framed.ok()) {
      ++counters_.entries_lost;
      return;
    }
    gathered_ += entry;
    ++gathered_entries_;
  }
  Write();
}

void Journal::Write() {
  const MutexLock writer(&write_mutex_);
  uint64_t entries = 0;
  {
    const MutexLock lock(&mutex_);
    writing_.clear();
    writing_.swap(gathered_);
    entries = std::exchange(gathered_entries_, 0);
  }
  if (entries == 0) return;
  if (!has_failed_) {
    const absl::Status written = WriteAll(writing_);
    has_failed_ = !written.ok();
    KeepFailure(written);
  }
  const MutexLock lock(&mutex_);
  (has_failed_ ? counters_.entries_lost : counters_.entries) += entries;
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
  Append(end);
  sync_runner_.reset();
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
