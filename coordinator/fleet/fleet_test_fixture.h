// A fleet of two over links that a test plays: events as it queues them, time as it lets it pass.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/fleet/fleet.h"
#include "gtest/gtest.h"

namespace drumfire {

constexpr int64_t kLeaseNs = 5 * kNsPerSecond;

// Events as the test queues them; an empty queue lets the time pass.
class FakeLinks : public ControlLinks {
 public:
  explicit FakeLinks(FakeClock* clock) : clock_(clock) {}

  void Dial(uint32_t worker, uint64_t epoch, const std::string&) override {
    sent[worker];
    dialled.emplace_back(worker, epoch);
  }
  void Send(uint32_t worker, v1::CoordinatorMessage message) override {
    sent[worker].push_back(std::move(message));
  }
  std::optional<FleetEvent> Receive(absl::Duration wait) override {
    if (events.empty()) {
      clock_->Advance(absl::ToInt64Nanoseconds(wait));
      return std::nullopt;
    }
    FleetEvent event = std::move(events.front());
    events.pop_front();
    event.received_ns = clock_->MonotonicNs();
    return event;
  }
  void CloseAfterWrites(uint32_t) override {}
  void Abandon(uint32_t worker) override { abandoned.push_back(worker); }

  std::deque<FleetEvent> events;
  std::map<uint32_t, std::vector<v1::CoordinatorMessage>> sent;
  std::vector<uint32_t> abandoned;
  std::vector<std::pair<uint32_t, uint64_t>> dialled;  // worker and epoch

 private:
  FakeClock* const clock_;
};

class FleetTest : public testing::Test {
 protected:
  explicit FleetTest(bool take_back = false) {
    FleetOptions options;
    options.take_back = take_back;
    options.addresses = {"a:1", "b:1"};
    options.same_host = true;
    options.plan_hash = "hash";
    options.lease_ns = kLeaseNs;
    auto links = std::make_unique<FakeLinks>(&clock_);
    links_ = links.get();
    fleet_ = std::make_unique<Fleet>(std::move(options), std::move(links), &chunks_, clock_);
  }

  v1::WorkerMessage* Queue(uint32_t worker, uint64_t epoch = kFirstEpoch) {
    FleetEvent& event = links_->events.emplace_back();
    event.worker = worker;
    event.epoch = epoch;
    event.message.set_epoch(epoch);
    event.message.set_plan_hash("hash");
    event.message.set_sequence(++sequences_[worker]);
    return &event.message;
  }

  void QueueHandshake(uint32_t worker, uint64_t epoch = kFirstEpoch) {
    Queue(worker, epoch)->mutable_ready()->set_version("1");
    Queue(worker, epoch)->mutable_loaded();
    Queue(worker, epoch)->mutable_heartbeat()->set_sent_ns(7);
  }

  void QueueEnd(uint32_t worker, uint64_t epoch = kFirstEpoch) {
    FleetEvent& end = links_->events.emplace_back();
    end.worker = worker;
    end.epoch = epoch;
    end.closed = true;
    end.close_reason = "broken";
  }

  void Connect() {
    QueueHandshake(0);
    QueueHandshake(1);
    ASSERT_TRUE(fleet_->Connect([] { return false; }).ok());
  }

  std::optional<FleetEvent> NextLoss() {
    for (int turn = 0; turn < 1000; ++turn) {
      const auto event = fleet_->Next(absl::Milliseconds(20));
      if (event.has_value() && event->closed) return event;
    }
    return std::nullopt;
  }

  FakeClock clock_{1'000'000};
  ChunkMap chunks_;
  FakeLinks* links_ = nullptr;
  std::unique_ptr<Fleet> fleet_;
  std::map<uint32_t, uint64_t> sequences_;
};

}  // namespace drumfire
