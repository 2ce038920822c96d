// A fleet of two over links that a test plays: events as it queues them, time as it lets it pass.
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/fleet/fleet_stages.h"
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
    if (message.has_clock_probe() && answers_probes) Answer(worker, message);
    sent[worker].push_back(std::move(message));
  }
  std::optional<FleetEvent> Receive(absl::Duration wait) override {
    // Of who is not dialled yet nothing can come.
    const auto first = std::find_if(events.begin(), events.end(),
                                    [this](const auto& e) { return sent.contains(e.worker); });
    if (first == events.end() && std::exchange(is_woken, false)) return std::nullopt;
    if (first == events.end() && wait > absl::ZeroDuration() && on_wait) {
      clock_->Advance(absl::ToInt64Nanoseconds(wait) / 2);
      on_wait();
      return Receive(absl::ZeroDuration());
    }
    if (first == events.end()) {
      clock_->Advance(absl::ToInt64Nanoseconds(wait));
      return std::nullopt;
    }
    FleetEvent event = std::move(*first);
    events.erase(first);
    event.received_ns = clock_->MonotonicNs();
    return event;
  }
  void Wake() override { is_woken = true; }
  void CloseAfterWrites(uint32_t) override {}
  void Abandon(uint32_t worker) override { abandoned.push_back(worker); }

  uint64_t Probes(uint32_t worker) const {
    const auto& messages = sent.at(worker);
    return std::count_if(messages.begin(), messages.end(),
                         [](const auto& message) { return message.has_clock_probe(); });
  }

  std::deque<FleetEvent> events;
  bool is_woken = false;
  std::map<uint32_t, std::vector<v1::CoordinatorMessage>> sent;
  // Each answer takes a millisecond; the worker's clock is an hour ahead.
  bool answers_probes = true;
  static constexpr int64_t kAheadNs = 3600 * kNsPerSecond;
  // Called when the fleet has waited for half of its time in vain.
  std::function<void()> on_wait;
  std::vector<uint32_t> abandoned;
  std::vector<std::pair<uint32_t, uint64_t>> dialled;  // worker and epoch

 private:
  void Answer(uint32_t worker, const v1::CoordinatorMessage& probe) {
    FleetEvent& event = events.emplace_back();
    event.worker = worker;
    event.epoch = probe.epoch();
    event.message.set_epoch(probe.epoch());
    event.message.set_plan_hash(probe.plan_hash());
    v1::ClockReply* reply = event.message.mutable_clock_reply();
    reply->set_number(probe.clock_probe().number());
    reply->set_monotonic_ns(clock_->MonotonicNs() + kAheadNs + kNsPerMs / 2);
    clock_->Advance(kNsPerMs);
  }

  FakeClock* const clock_;
};

class FleetTest : public ::testing::Test {
 protected:
  struct Kind {
    bool same_host = true;
    bool redial_lost = false;
  };

  FleetTest() : FleetTest(Kind()) {}
  explicit FleetTest(Kind kind) {
    FleetOptions options;
    options.redial_lost = kind.redial_lost;
    options.addresses = {"a:1", "b:1"};
    options.same_host = kind.same_host;
    options.host_id = "ours";
    options.plan_hash = "hash";
    options.lease_ns = kLeaseNs;
    if (!kind.same_host) options.ready_timeout = absl::Seconds(3);
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
    const absl::Status connected = TryConnect();
    ASSERT_TRUE(connected.ok()) << connected;
  }

  absl::Status TryConnect(const std::function<bool()>& is_stopped = [] { return false; }) {
    ConnectStage stage(&*fleet_, is_stopped, clock_.MonotonicNs());
    Drive(&stage, &*fleet_, clock_);
    return stage.status();
  }

  void ProbeOnceMore() {
    LastProbesStage stage(&*fleet_, clock_.MonotonicNs());
    Drive(&stage, &*fleet_, clock_);
  }

  std::optional<FleetEvent> NextLoss() {
    for (int step = 0; step < 1000; ++step) {
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
