// Workers as a fuzzer's bytes play them, for a run that is driven on one thread: each does what it
// is told, until the script has it say or send something else. When the script is over, every
// stream ends and the user wants the run to stop.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "common/loop/testing.h"
#include "common/plan/version.h"
#include "common/record/link_keys.h"
#include "coordinator/fleet/chunk_transfers.h"
#include "coordinator/fleet/control_links.h"
#include "coordinator/ingest/testing.h"
#include "coordinator/run/fake_keeper.h"
#include "coordinator/run/fuzz_script.h"

namespace drumfire {

inline void FuzzCheck(bool holds) {
  if (!holds) std::abort();
}

class FuzzedLinks : public ControlLinks {
 public:
  struct Parts {
    FuzzScript* script = nullptr;
    FakeClock* clock = nullptr;
    testutil::ManualLoops* loops = nullptr;
    FakeStops* stops = nullptr;
    std::string needed_chunk;  // of each worker; empty = none
  };
  // Nothing is owned.
  explicit FuzzedLinks(Parts parts) : parts_(std::move(parts)) {}

  void Dial(uint32_t worker, uint64_t epoch, const std::string&) override {
    Worker& dialled = workers_[worker];
    FuzzCheck(epoch > dialled.epoch);
    dialled = Worker();
    dialled.epoch = epoch;
  }
  void Send(uint32_t number, v1::CoordinatorMessage message) override {
    Worker& worker = workers_.at(number);
    FuzzCheck(message.epoch() == worker.epoch);
    FuzzCheck(message.has_clock_probe() || message.sequence() == ++worker.received);
    sent_bytes_ += message.ByteSizeLong();
    FuzzCheck(sent_bytes_ <= kMostSentBytes);
    worker.plan_hash = message.plan_hash();
    if (message.has_clock_probe()) return ReplyTo(number, message.clock_probe());
    worker.told.push_back(std::move(message));
  }
  std::optional<FleetEvent> Receive(absl::Duration wait) override {
    FuzzCheck(++turns_ <= kMostTurns);
    parts_.loops->RunTurns(kLoopTurns);
    if (events_.empty()) parts_.script->is_over() ? EndAll() : Act();
    if (events_.empty()) {
      if (!std::exchange(is_woken_, false)) {
        parts_.clock->Advance(std::max(absl::ToInt64Nanoseconds(wait), kNsPerMs));
      }
      return std::nullopt;
    }
    FleetEvent event = std::move(events_.front());
    events_.pop_front();
    event.received_ns = parts_.clock->MonotonicNs();
    return event;
  }
  void Wake() override { is_woken_ = true; }
  void CloseAfterWrites(uint32_t) override {}
  void Abandon(uint32_t worker) override { workers_.at(worker).is_over = true; }

  // Where records go, once somebody takes them.
  std::function<void(std::string frame)> on_frame;

 private:
  static constexpr int kLoopTurns = 64;
  static constexpr int kMostTurns = 50'000;
  static constexpr size_t kMostSentBytes = 16 << 20;
  static constexpr int64_t kAheadNs = 3600 * kNsPerSecond;  // the workers' clock

  struct Worker {
    uint64_t epoch = 0;
    bool is_over = false;
    std::string plan_hash;
    uint64_t received = 0, said = 0, batches = 0;
    std::deque<v1::CoordinatorMessage> told;
    uint32_t phase = 0;
    std::deque<v1::Grant> grants;
    v1::CreditTotals totals;
  };

  // Two bytes for each: what is done, and by whom; the first says how much is spoilt, too.
  void Act() {
    if (workers_.empty()) return;
    const uint8_t what = parts_.script->Byte();
    const uint8_t who = parts_.script->Byte();
    const auto worker = std::next(workers_.begin(), who % static_cast<int>(workers_.size()));
    Do(what % 16, worker->first, &worker->second, what / 16 % 4);
  }
  void Do(int what, uint32_t number, Worker* worker, int spoils) {
    v1::WorkerMessage message;
    switch (what) {
      case 0:
        return Repeat(number, worker);
      case 1:
        if (message.ParseFromString(Taken())) Say(number, worker, std::move(message), 0);
        return;
      case 2:
        return Arrive(Taken());
      case 3:
        return SendBatch(number, worker, {}, 1 + spoils);
      case 4:
        return End(number, worker);
      case 5:
        parts_.stops->stops = std::min(parts_.stops->stops + 1, 2);
        return;
      case 6:
        return parts_.clock->Advance(parts_.script->Byte() * 20 * kNsPerMs);
      case 7:
      case 8:
        return Work(number, worker, spoils);
      case 9:
        SetDone(*worker, message.mutable_phase_done());
        return Say(number, worker, std::move(message), spoils);
      case 10:
        message.mutable_heartbeat()->set_sent_ns(parts_.clock->MonotonicNs() + kAheadNs);
        return Say(number, worker, std::move(message), spoils);
      case 11:
        message.mutable_demand()->set_phase(worker->phase);
        message.mutable_demand()->set_free_slots(1);
        return Say(number, worker, std::move(message), spoils);
      default:
        return Obey(number, worker, spoils);
    }
  }

  std::string Taken() { return std::string(parts_.script->Bytes()); }

  // Over the wire and back: what the wire refuses ends nothing here.
  void Say(uint32_t number, Worker* worker, v1::WorkerMessage message, int spoils) {
    if (worker->is_over) return;
    while (spoils-- > 0) Spoil(&message, parts_.script);
    FleetEvent event;
    if (!event.message.ParseFromString(message.SerializeAsString())) return;
    event.worker = number;
    event.epoch = worker->epoch;
    if (message.plan_hash().empty()) {
      event.message.set_epoch(worker->epoch);
      event.message.set_plan_hash(worker->plan_hash);
      event.message.set_sequence(++worker->said);
    }
    last_said_ = event;
    events_.push_back(std::move(event));
  }
  void Repeat(uint32_t number, Worker* worker) {
    if (last_said_.worker == number && !worker->is_over) events_.push_back(last_said_);
    if (!last_frame_.empty()) Arrive(last_frame_);
  }
  void End(uint32_t number, Worker* worker) {
    if (std::exchange(worker->is_over, true)) return;
    FleetEvent& end = events_.emplace_back();
    end.worker = number;
    end.epoch = worker->epoch;
    end.closed = true;
    end.close_reason = "the stream broke";
  }
  void EndAll() {
    for (auto& [number, worker] : workers_) End(number, &worker);
    parts_.stops->stops = 2;
  }

  void ReplyTo(uint32_t number, const v1::ClockProbe& probe) {
    v1::WorkerMessage message;
    message.mutable_clock_reply()->set_number(probe.number());
    message.mutable_clock_reply()->set_monotonic_ns(parts_.clock->MonotonicNs() + kAheadNs);
    Worker& worker = workers_.at(number);
    if (worker.is_over) return;
    --worker.said;  // these are not numbered
    Say(number, &worker, std::move(message), 0);
    events_.back().message.set_sequence(0);
  }

  // Does what it was told next.
  void Obey(uint32_t number, Worker* worker, int spoils) {
    if (worker->told.empty()) return;
    const v1::CoordinatorMessage told = std::move(worker->told.front());
    worker->told.pop_front();
    v1::WorkerMessage message;
    switch (told.body_case()) {
      case v1::CoordinatorMessage::kHello:
        SetReady(number, message.mutable_ready());
        Say(number, worker, std::exchange(message, {}), spoils);
        message.mutable_heartbeat()->set_sent_ns(kAheadNs);
        Say(number, worker, std::exchange(message, {}), 0);
        message.mutable_loaded();
        return Say(number, worker, std::move(message), 0);
      case v1::CoordinatorMessage::kPrepare:
        worker->phase = told.prepare().phase();
        worker->grants.clear();
        worker->totals.Clear();
        Own(told.prepare().first_grant(), worker);
        message.mutable_prepared()->set_phase(worker->phase);
        return Say(number, worker, std::move(message), spoils);
      case v1::CoordinatorMessage::kGrant:
        return Own(told.grant(), worker);
      case v1::CoordinatorMessage::kStart:
        worker->phase = told.start().phase();
        message.mutable_started()->set_phase(worker->phase);
        return Say(number, worker, std::move(message), spoils);
      case v1::CoordinatorMessage::kDrain:
      case v1::CoordinatorMessage::kCancel:
        SetDone(*worker, message.mutable_phase_done());
        return Say(number, worker, std::move(message), spoils);
      case v1::CoordinatorMessage::kFinish:
        return End(number, worker);
      default:
        return;
    }
  }
  void SetReady(uint32_t number, v1::Ready* ready) const {
    ready->set_protocol_version(kProtocolVersion);
    ready->set_version("1");
    ready->set_records_endpoint("tcp://records:" + std::to_string(number + 1));
    ready->set_records_server_key(std::string(kLinkKeyBytes, 'k'));
    if (!parts_.needed_chunk.empty()) ready->add_needed_chunks(parts_.needed_chunk);
  }
  static void Own(const v1::Grant& grant, Worker* worker) {
    if (grant.count() == 0) return;
    FuzzCheck(grant.stride() > 0);
    worker->grants.push_back(grant);
    worker->totals.set_granted(worker->totals.granted() + grant.count());
    worker->totals.set_unsent(worker->totals.unsent() + grant.count());
  }
  static void SetDone(const Worker& worker, v1::PhaseDone* done) {
    done->set_phase(worker.phase);
    *done->mutable_totals() = worker.totals;
    done->set_records_made(worker.totals.sent());
    done->set_last_batch_sequence(worker.batches);
  }

  // Some of its sessions, their records, and how far it is.
  void Work(uint32_t number, Worker* worker, int spoils) {
    v1::RecordBatch batch;
    for (int i = parts_.script->Byte() % 8; i >= 0; --i) {
      const auto session = NextSession(worker);
      if (!session.has_value()) break;
      v1::Record* record = batch.add_records();
      record->set_phase(worker->phase);
      record->set_session(*session);
      record->set_end_ns(kNsPerMs);
    }
    const auto count = static_cast<uint64_t>(batch.records_size());
    v1::CreditTotals* totals = &worker->totals;
    totals->set_begun(totals->begun() + count);
    totals->set_sent(totals->sent() + count);
    totals->set_completed(totals->completed() + count);
    totals->set_sessions_completed(totals->sessions_completed() + count);
    totals->set_unsent(totals->unsent() - count);
    SendBatch(number, worker, std::move(batch), spoils % 2);
    v1::WorkerMessage message;
    message.mutable_progress()->set_phase(worker->phase);
    *message.mutable_progress()->mutable_totals() = *totals;
    Say(number, worker, std::move(message), spoils / 2);
  }
  static std::optional<uint64_t> NextSession(Worker* worker) {
    if (worker->grants.empty()) return std::nullopt;
    v1::Grant* grant = &worker->grants.front();
    const uint64_t session = grant->first();
    grant->set_first(session + grant->stride());
    grant->set_count(grant->count() - 1);
    if (grant->count() == 0) worker->grants.pop_front();
    return session;
  }
  void SendBatch(uint32_t number, Worker* worker, v1::RecordBatch batch, int spoils) {
    batch.set_run_id(testutil::kRunId);
    batch.set_worker(number);
    batch.set_epoch(worker->epoch);
    batch.set_sequence(++worker->batches);
    while (spoils-- > 0) Spoil(&batch, parts_.script);
    Arrive(testutil::Framed(batch));
  }
  void Arrive(std::string frame) {
    last_frame_ = frame;
    if (on_frame != nullptr) on_frame(std::move(frame));
  }

  const Parts parts_;
  std::map<uint32_t, Worker> workers_;
  std::deque<FleetEvent> events_;
  FleetEvent last_said_;
  std::string last_frame_;
  bool is_woken_ = false;
  int turns_ = 0;
  size_t sent_bytes_ = 0;
};

}  // namespace drumfire
