#include "coordinator/ingest/journal.h"

#include <chrono>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "common/buggify/buggify.h"
#include "common/record/frame.h"

namespace drumfire {

absl::StatusOr<std::unique_ptr<Journal>> Journal::Create(std::unique_ptr<JournalFile> file,
                                                         const JournalHeader& header,
                                                         int64_t sync_interval_ns) {
  const absl::StatusOr<std::string> bytes = EncodeJournalHeader(header);
  if (!bytes.ok()) return bytes.status();
  auto journal = absl::WrapUnique(new Journal(std::move(file)));
  if (absl::Status written = journal->WriteAll(*bytes); !written.ok()) return written;
  if (absl::Status synced = journal->file_->Sync(); !synced.ok()) return synced;
  journal->sync_thread_ = std::thread(&Journal::SyncRegularly, journal.get(), sync_interval_ns);
  return journal;
}

Journal::~Journal() {
  if (!sync_thread_.joinable()) return;
  Write();
  StopSyncing();
  Sync();
}

void Journal::AppendBatch(absl::string_view frame) {
  const std::lock_guard lock(mutex_);
  gathered_.push_back(static_cast<char>(JournalEntryType::kRecordBatch));
  gathered_.append(frame.data(), frame.size());
  ++gathered_entries_;
}

void Journal::Append(const v1::WorkerFacts& facts) {
  AppendMessage(JournalEntryType::kWorkerFacts, facts);
}

void Journal::Append(const v1::PhaseStart& start) {
  AppendMessage(JournalEntryType::kPhaseStart, start);
}

void Journal::Append(const v1::WorkerPhaseDone& done) {
  AppendMessage(JournalEntryType::kPhaseDone, done);
}

void Journal::Append(const v1::WorkerHistograms& histograms) {
  AppendMessage(JournalEntryType::kHistograms, histograms);
}

void Journal::AppendMessage(JournalEntryType type, const google::protobuf::MessageLite& message) {
  std::string entry(1, static_cast<char>(type));
  const absl::Status framed = AppendFrame(message, &entry);
  KeepFailure(framed);
  {
    const std::lock_guard lock(mutex_);
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
  const std::lock_guard writer(write_mutex_);
  uint64_t entries = 0;
  {
    const std::lock_guard lock(mutex_);
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
  const std::lock_guard lock(mutex_);
  (has_failed_ ? counters_.entries_lost : counters_.entries) += entries;
}

absl::Status Journal::WriteAll(absl::string_view bytes) {
  while (!bytes.empty()) {
    const size_t at_once = Buggify("journal: a write of one byte") ? 1 : bytes.size();
    const absl::StatusOr<size_t> taken = file_->Append(bytes.substr(0, at_once));
    if (!taken.ok()) return taken.status();
    bytes.remove_prefix(*taken);
    const std::lock_guard lock(mutex_);
    counters_.bytes += *taken;
  }
  return absl::OkStatus();
}

absl::Status Journal::Close(const v1::RunEnd& end) {
  AppendMessage(JournalEntryType::kRunEnd, end);
  StopSyncing();
  Sync();
  return status();
}

void Journal::SyncRegularly(int64_t sync_interval_ns) {
  const std::chrono::nanoseconds interval(sync_interval_ns);
  std::unique_lock lock(mutex_);
  while (!stopped_.wait_for(lock, interval, [this] { return stopping_; })) {
    lock.unlock();
    Write();
    Sync();
    lock.lock();
  }
}

void Journal::StopSyncing() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stopped_.notify_all();
  sync_thread_.join();
}

void Journal::Sync() { KeepFailure(file_->Sync()); }

void Journal::KeepFailure(const absl::Status& status) {
  if (status.ok()) return;
  const std::lock_guard lock(mutex_);
  if (status_.ok()) {
    status_ = absl::Status(status.code(), absl::StrCat("journal: ", status.message()));
  }
}

absl::Status Journal::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

JournalCounters Journal::counters() const {
  const std::lock_guard lock(mutex_);
  return counters_;
}

}  // namespace drumfire
