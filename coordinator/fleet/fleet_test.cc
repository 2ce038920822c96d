// Does the fleet get ready only with workers that may send, and know when a lost one cannot any
// more?
#include "coordinator/fleet/fleet.h"

#include "coordinator/fleet/fleet_test_fixture.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using testing::HasSubstr;

TEST_F(FleetTest, AWorkerThatNeverLoadsIsNamed) {
  QueueHandshake(0);
  const absl::Status status = TryConnect();
  EXPECT_THAT(std::string(status.message()), HasSubstr("worker b:1 did not answer"));
}

TEST_F(FleetTest, WhoIsDialledIsHeardBeforeTheNextIsDialled) {
  Queue(0)->mutable_ready()->set_version("1");
  Queue(0)->mutable_heartbeat()->set_sent_ns(7);
  size_t unheard = 0;
  EXPECT_FALSE(TryConnect([this, &unheard] {
                 if (links_->dialled.size() == 1) unheard = links_->events.size();
                 return links_->dialled.size() == 2;
               }).ok());
  EXPECT_EQ(unheard, 0u) << "when the second was dialled";
  EXPECT_EQ(fleet_->member(0).ready.version(), "1");
  EXPECT_TRUE(links_->sent[0].back().has_heartbeat());
}

// With some workers a heartbeat comes at any time: that all are ready is seen all the same.
TEST_F(FleetTest, HeartbeatsDoNotHoldUpTheStart) {
  QueueHandshake(0);
  QueueHandshake(1);
  links_->on_wait = [this] { Queue(0)->mutable_heartbeat(); };
  EXPECT_TRUE(TryConnect([this] { return clock_.MonotonicNs() > kNsPerSecond; }).ok());
}

TEST_F(FleetTest, AWorkerWithoutAnAnsweredHeartbeatIsNotReady) {
  QueueHandshake(0);
  Queue(1)->mutable_ready()->set_version("1");
  Queue(1)->mutable_loaded();
  EXPECT_FALSE(TryConnect().ok());
}

TEST_F(FleetTest, EachHeartbeatIsAnsweredWithItsOwnTime) {
  Connect();
  EXPECT_EQ(links_->sent[1].back().heartbeat().sent_ns(), 7);
}

size_t ChunksIn(const std::vector<v1::CoordinatorMessage>& messages) {
  size_t chunks = 0;
  for (const v1::CoordinatorMessage& message : messages) chunks += message.has_chunk() ? 1 : 0;
  return chunks;
}

class ChunksTest : public FleetTest {
 protected:
  void QueueReadyFor(uint32_t worker, const std::string& chunk) {
    v1::Ready* ready = Queue(worker)->mutable_ready();
    ready->set_version("1");
    ready->add_needed_chunks(chunk);
  }
};

// Each copy under way is memory of ours.
TEST_F(ChunksTest, ChunksWaitUntilThoseUnderWayAreTaken) {
  links_->answers_probes = false;
  chunks_["chunk"] = std::string(kMostChunkBytesUnderWay / 2 + 1, 'x');
  for (const uint32_t worker : {0u, 1u}) QueueReadyFor(worker, "chunk");
  EXPECT_FALSE(TryConnect([this] { return links_->events.empty(); }).ok());
  EXPECT_EQ(ChunksIn(links_->sent[0]), 1u);
  EXPECT_EQ(ChunksIn(links_->sent[1]), 0u);
}

TEST_F(ChunksTest, ChunksThatAreTakenMakeRoomForTheNext) {
  chunks_["chunk"] = std::string(kMostChunkBytesUnderWay / 2 + 1, 'x');
  for (const uint32_t worker : {0u, 1u}) QueueReadyFor(worker, "chunk");
  Queue(0)->mutable_clock_reply()->set_number(UINT32_MAX);
  EXPECT_FALSE(TryConnect([this] { return links_->events.empty(); }).ok());
  EXPECT_TRUE(links_->sent[0].back().has_clock_probe());
  EXPECT_EQ(links_->sent[0].back().clock_probe().number(), UINT32_MAX);
  EXPECT_EQ(ChunksIn(links_->sent[1]), 1u);
}

TEST_F(ChunksTest, AWorkerGetsNoChunkThatThePlanDoesNotHave) {
  chunks_["a"] = "1";
  QueueReadyFor(0, "b");
  EXPECT_EQ(TryConnect().message(),
            "worker a:1 asked for a chunk that the plan does not have; is another program or "
            "another version running there?");
}

TEST_F(FleetTest, AChunkIsNamedOnce) {
  chunks_["a"] = "1";
  v1::Ready* ready = Queue(0)->mutable_ready();
  ready->set_version("1");
  for (int i = 0; i < 20'000; ++i) ready->add_needed_chunks("a");
  EXPECT_THAT(std::string(TryConnect().message()), HasSubstr("asked twice for a chunk"));
}

TEST_F(FleetTest, AWorkerIsReadyOnce) {
  Queue(0)->mutable_ready()->set_version("1");
  Queue(0)->mutable_ready()->set_version("1");
  EXPECT_THAT(std::string(TryConnect().message()), HasSubstr("said twice that it is ready"));
}

TEST_F(FleetTest, AWorkersTextIsNoCommandToATerminal) {
  Queue(0)->mutable_failure()->set_reason("\x1b[2Jgone\n");
  EXPECT_EQ(TryConnect().message(), "worker a:1: ?[2Jgone ");
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
  QueueEnd(0);
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

// Workers on other hosts.
class FarFleetTest : public FleetTest {
 protected:
  FarFleetTest() : FleetTest({.same_host = false, .redial_lost = false}) {}

  // Both workers live; nothing else happens.
  void Pass(int64_t time_ns) {
    const int64_t until_ns = clock_.MonotonicNs() + time_ns;
    while (clock_.MonotonicNs() < until_ns) {
      Queue(0)->mutable_heartbeat();
      Queue(1)->mutable_heartbeat();
      for (int i = 0; i < 10; ++i) (void)fleet_->Next(absl::Milliseconds(10));
    }
  }
};

TEST_F(FarFleetTest, TheStartWaitsForTheClocks) {
  links_->answers_probes = false;
  QueueHandshake(0);
  QueueHandshake(1);
  const absl::Status status = TryConnect();
  EXPECT_THAT(std::string(status.message()), HasSubstr("answered 0 of 12 clock probes"));
}

TEST_F(FarFleetTest, ClocksAreKnownBeforeTheStart) {
  Connect();
  EXPECT_EQ(links_->Probes(0), 12u);
  EXPECT_NEAR(fleet_->ToWorkerClock(0, 5), FakeLinks::kAheadNs + 5, kNsPerMs);
}

TEST_F(FarFleetTest, AWorkerOfOurHostReadsOurClock) {
  QueueHandshake(0);
  QueueHandshake(1);
  for (FleetEvent& event : links_->events) {
    if (event.message.has_ready()) {
      event.message.mutable_ready()->mutable_limits()->set_host_id(event.worker == 0 ? "ours"
                                                                                     : "theirs");
    }
  }
  ASSERT_TRUE(TryConnect().ok());
  const int64_t now_ns = clock_.MonotonicNs();
  const auto ages = [&](uint32_t worker) {
    const ClockEstimate& clock = fleet_->member(worker).clock();
    return clock.bound_ns(now_ns + 3600 * kNsPerSecond) - clock.bound_ns(now_ns);
  };
  EXPECT_EQ(ages(0), 0);
  EXPECT_GT(ages(1), 0);
}

TEST_F(FarFleetTest, WhileARunGoesOnEachClockIsProbedAboutOnceASecond) {
  Connect();
  Pass(10 * kNsPerSecond);
  for (const uint32_t worker : {0u, 1u}) {
    EXPECT_GE(links_->Probes(worker), 12u + 9u);
    EXPECT_LE(links_->Probes(worker), 12u + 11u);
    EXPECT_EQ(fleet_->member(worker).clock().probes(), links_->Probes(worker));
  }
}

TEST_F(FarFleetTest, AStallIsNotMadeUpForByAStorm) {
  Connect();
  const uint64_t before = links_->Probes(0);
  clock_.Advance(4 * kNsPerSecond);
  (void)fleet_->Next(absl::ZeroDuration());
  EXPECT_LE(links_->Probes(0), before + 2);
}

TEST_F(FarFleetTest, ALastProbeThatNobodyAnswersEndsAfterAMoment) {
  Connect();
  links_->answers_probes = false;
  const int64_t before_ns = clock_.MonotonicNs();
  ProbeOnceMore();
  EXPECT_LE(clock_.MonotonicNs(), before_ns + kNsPerSecond);
  links_->answers_probes = true;
  const uint32_t probes = fleet_->member(1).clock().probes();
  ProbeOnceMore();
  EXPECT_EQ(fleet_->member(1).clock().probes(), probes + 1);
}

// A stream answers probes even when its session hangs.
TEST_F(FarFleetTest, AnsweredProbesAreNoSignOfLife) {
  Connect();
  const auto loss = NextLoss();
  ASSERT_TRUE(loss.has_value());
  EXPECT_EQ(loss->close_reason, "silent for longer than the lease");
}

TEST_F(FleetTest, AWakeEndsOneWaitAndIsToldOnce) {
  Connect();
  Queue(0)->mutable_demand();
  fleet_->Wake();
  const int64_t before_ns = clock_.MonotonicNs();
  EXPECT_TRUE(fleet_->Next(absl::Milliseconds(20)).has_value()) << "events come first";
  EXPECT_FALSE(fleet_->Next(absl::Milliseconds(20)).has_value());
  EXPECT_EQ(clock_.MonotonicNs(), before_ns);
  EXPECT_TRUE(fleet_->TakeWake());
  EXPECT_FALSE(fleet_->TakeWake());
  EXPECT_FALSE(fleet_->Next(absl::Milliseconds(20)).has_value());
  EXPECT_GT(clock_.MonotonicNs(), before_ns);
}

TEST_F(FleetTest, NothingMoreIsHeardOfALostWorker) {
  Connect();
  Queue(1)->mutable_failure();
  ASSERT_TRUE(NextLoss().has_value());
  Queue(1)->mutable_demand();
  EXPECT_FALSE(fleet_->Next(absl::ZeroDuration()).has_value());
  fleet_->Send(1, {});
  EXPECT_FALSE(links_->sent[1].back().has_grant());
  EXPECT_EQ(fleet_->refused_messages(), 1u);
}

}  // namespace
}  // namespace drumfire
