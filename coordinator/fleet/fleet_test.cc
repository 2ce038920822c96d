// Does the fleet get ready only with workers that may send, and know when a lost one cannot any
// more?
#include "coordinator/fleet/fleet.h"

#include <deque>
#include <map>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using testing::HasSubstr;

constexpr int64_t kLeaseNs = 5 * kNsPerSecond;

// Events as the test queues them; an empty queue lets the time pass.
class FakeLinks : public ControlLinks {
 public:
  explicit FakeLinks(FakeClock* clock) : clock_(clock) {}

  void Dial(uint32_t worker, const std::string&) override { sent[worker]; }
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

 private:
  FakeClock* const clock_;
};

class FleetTest : public testing::Test {
 protected:
  FleetTest() {
    FleetOptions options;
    options.addresses = {"a:1", "b:1"};
    options.same_host = true;
    options.plan_hash = "hash";
    options.lease_ns = kLeaseNs;
    auto links = std::make_unique<FakeLinks>(&clock_);
    links_ = links.get();
    fleet_ = std::make_unique<Fleet>(std::move(options), std::move(links), &chunks_, clock_);
  }

  v1::WorkerMessage* Queue(uint32_t worker) {
    FleetEvent& event = links_->events.emplace_back();
    event.worker = worker;
    event.message.set_epoch(1);
    event.message.set_plan_hash("hash");
    event.message.set_sequence(++sequences_[worker]);
    return &event.message;
  }

  void QueueHandshake(uint32_t worker) {
    Queue(worker)->mutable_ready()->set_version("1");
    Queue(worker)->mutable_loaded();
    Queue(worker)->mutable_heartbeat()->set_sent_ns(7);
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

TEST_F(FleetTest, AWorkerThatNeverLoadsIsNamed) {
  QueueHandshake(0);
  const absl::Status status = fleet_->Connect([] { return false; });
  EXPECT_THAT(std::string(status.message()), HasSubstr("worker b:1 did not answer"));
}

TEST_F(FleetTest, AWorkerWithoutAnAnsweredHeartbeatIsNotReady) {
  QueueHandshake(0);
  Queue(1)->mutable_ready()->set_version("1");
  Queue(1)->mutable_loaded();
  EXPECT_FALSE(fleet_->Connect([] { return false; }).ok());
}

TEST_F(FleetTest, EachHeartbeatIsAnsweredWithItsOwnTime) {
  Connect();
  EXPECT_EQ(links_->sent[1].back().heartbeat().sent_ns(), 7);
}

TEST_F(FleetTest, SilenceForALeaseIsALossAndTheLeaseIsOverSoonAfter) {
  Connect();
  for (int i = 0; i < 30; ++i) {
    Queue(0)->mutable_heartbeat();
    (void)fleet_->Next(absl::ZeroDuration());
    clock_.Advance(kLeaseNs / 20);
  }
  const auto loss = NextLoss();
  ASSERT_TRUE(loss.has_value());
  EXPECT_EQ(loss->worker, 1u);
  EXPECT_TRUE(fleet_->member(1).lost);
  EXPECT_THAT(links_->abandoned, testing::ElementsAre(1));
  EXPECT_TRUE(fleet_->LeaseIsOver(1));
}

// Its process may be alive behind a broken link: it may send until its lease ends.
TEST_F(FleetTest, ABrokenStreamIsALossButTheLeaseRunsOn) {
  Connect();
  FleetEvent& end = links_->events.emplace_back();
  end.worker = 0;
  end.closed = true;
  end.close_reason = "broken";
  ASSERT_TRUE(NextLoss().has_value());
  EXPECT_FALSE(fleet_->LeaseIsOver(0));
  clock_.Advance(kLeaseNs);
  EXPECT_FALSE(fleet_->LeaseIsOver(0)) << "the worker may take a moment to notice";
  clock_.Advance(kLeaseNs / 5);
  EXPECT_TRUE(fleet_->LeaseIsOver(0));
}

TEST_F(FleetTest, OtherMessagesShowLifeButRenewNothing) {
  Connect();
  const int64_t renewed_ns = fleet_->member(0).renewed_ns();
  clock_.Advance(kLeaseNs / 2);
  Queue(0)->mutable_demand();
  EXPECT_TRUE(fleet_->Next(absl::ZeroDuration()).has_value());
  EXPECT_EQ(fleet_->member(0).renewed_ns(), renewed_ns);
  EXPECT_GT(fleet_->member(0).last_heard_ns(), renewed_ns);
}

TEST_F(FleetTest, AFailureIsALossWithItsReason) {
  Connect();
  Queue(1)->mutable_failure()->set_reason("no memory");
  const auto loss = NextLoss();
  ASSERT_TRUE(loss.has_value());
  EXPECT_EQ(loss->close_reason, "no memory");
}

TEST_F(FleetTest, NothingMoreIsHeardOfALostWorker) {
  Connect();
  Queue(1)->mutable_failure();
  ASSERT_TRUE(NextLoss().has_value());
  Queue(1)->mutable_demand();
  EXPECT_FALSE(fleet_->Next(absl::ZeroDuration()).has_value());
  fleet_->Send(1, {});
  EXPECT_FALSE(links_->sent[1].back().has_grant());
}

}  // namespace
}  // namespace drumfire
