// Fakes and helpers that several tests of this room share.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/files/temporary_folder.h"
#include "common/record/frame.h"
#include "coordinator/ingest/journal_file.h"
#include "coordinator/ingest/journal_format.h"
#include "coordinator/ingest/record_consumer.h"
#include "coordinator/ingest/record_transport.h"
#include "drumfire/v1/record.pb.h"

namespace drumfire::testutil {

inline constexpr char kRunId[] = "0123456789abcdef";

inline JournalHeader MakeHeader() {
  return {.plan_hash = std::string(kPlanHashBytes, 'p'), .run_id = kRunId};
}

// A batch of records of sessions first_session, first_session + 1, ...
inline v1::RecordBatch MakeBatch(uint64_t sequence, int records = 1, uint64_t first_session = 0) {
  v1::RecordBatch batch;
  batch.set_run_id(kRunId);
  batch.set_epoch(1);
  batch.set_sequence(sequence);
  for (int i = 0; i < records; ++i) batch.add_records()->set_session(first_session + i);
  return batch;
}

inline std::string Framed(const v1::RecordBatch& batch) {
  std::string frame;
  AppendFrame(batch, &frame).IgnoreError();
  return frame;
}

// What a FakeJournalFile holds and how it fails. Outlives the file.
struct FakeDisk {
  std::string bytes;
  size_t syncs = 0;
  size_t capacity_bytes = SIZE_MAX;        // then: RESOURCE_EXHAUSTED
  size_t append_at_most_bytes = SIZE_MAX;  // short writes
  bool sync_fails = false;
  bool has_failed = false;  // some call ended in an error
  std::function<void()> on_sync;
  std::function<void()> on_append;
  std::function<void(int64_t until_ns)> stand_until = [](int64_t) {};  // for who has the time
};

class FakeJournalFile : public JournalFile {
 public:
  explicit FakeJournalFile(FakeDisk* disk) : disk_(disk) {}

  absl::StatusOr<size_t> Append(absl::string_view bytes) override {
    if (disk_->on_append) disk_->on_append();
    const size_t room = disk_->capacity_bytes - disk_->bytes.size();
    if (room == 0) return Fail(absl::ResourceExhaustedError("no space left"));
    const size_t taken = std::min({bytes.size(), disk_->append_at_most_bytes, room});
    disk_->bytes.append(bytes.data(), taken);
    return taken;
  }

  absl::Status Sync() override {
    ++disk_->syncs;
    if (disk_->on_sync) disk_->on_sync();
    return disk_->sync_fails ? Fail(absl::UnknownError("sync failed")) : absl::OkStatus();
  }

 private:
  absl::Status Fail(absl::Status status) {
    disk_->has_failed = true;
    return status;
  }

  FakeDisk* const disk_;
};

// Record links as a test plays them.
class FakeRecordTransport : public RecordTransport {
 public:
  absl::Status Connect(const std::string& endpoint, const std::string& server_key) override {
    if (refuses_endpoints) return absl::InvalidArgumentError("refused by the test");
    connected.push_back(endpoint);
    keys[endpoint] = server_key;
    if (comes_up) states[endpoint].was_up = true;
    has_changes = true;
    return absl::OkStatus();
  }
  void Disconnect(const std::string& endpoint) override {
    disconnected.push_back(endpoint);
    states.erase(endpoint);
  }
  std::optional<absl::string_view> Next() override {
    if (frames.empty()) return std::nullopt;
    frame_ = std::move(frames.front());
    frames.pop_front();
    return frame_;
  }
  void HoldFrames(bool hold) override { holds_frames = hold; }
  bool TakeLinkChanges() override { return std::exchange(has_changes, false); }
  LinkState StateOf(const std::string& endpoint) const override {
    const auto found = states.find(endpoint);
    return found == states.end() ? LinkState() : found->second;
  }
  void SetArrivalHandler(const std::function<void()>& handler) override { on_arrival = handler; }
  // Wakes the intake, too.
  void Arrive(std::string frame) {
    frames.push_back(std::move(frame));
    on_arrival();
  }

  bool refuses_endpoints = false;
  bool comes_up = true;
  bool has_changes = false;
  bool holds_frames = false;
  std::deque<std::string> frames;
  std::vector<std::string> connected, disconnected;
  std::map<std::string, std::string> keys;  // by endpoint
  std::map<std::string, LinkState> states;  // by endpoint
  std::function<void()> on_arrival = [] {};

 private:
  std::string frame_;
};

// Keeps everything it receives.
class CollectingConsumer : public RecordConsumer {
 public:
  struct Ack {
    uint32_t worker;
    uint64_t epoch;
    uint64_t sequence;
    bool operator==(const Ack&) const = default;
  };

  void OnBatch(const v1::RecordBatch& batch) override {
    const std::lock_guard lock(mutex_);
    for (const v1::Record& record : batch.records()) ks_.push_back(record.session());
  }
  void OnAck(uint32_t worker, uint64_t epoch, uint64_t sequence) override {
    const std::lock_guard lock(mutex_);
    acks_.push_back({worker, epoch, sequence});
  }

  std::vector<uint64_t> ks() const {
    const std::lock_guard lock(mutex_);
    return ks_;
  }
  std::vector<Ack> acks() const {
    const std::lock_guard lock(mutex_);
    return acks_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<uint64_t> ks_;
  std::vector<Ack> acks_;
};

}  // namespace drumfire::testutil
