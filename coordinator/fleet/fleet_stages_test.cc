// Does the start end at the right time, with the cause, whatever each worker says or does not say?
#include "coordinator/fleet/fleet_stages.h"

#include "coordinator/fleet/fleet_test_fixture.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

using testing::HasSubstr;

constexpr int64_t kTimeoutNs = 3 * kNsPerSecond;

// Steps by hand, two workers on other hosts.
class ConnectStageTest : public FleetTest {
 protected:
  ConnectStageTest() : FleetTest({.same_host = false}) {}

  int64_t Step() { return stage_.Step(clock_.MonotonicNs()); }
  // Hears all that waits; the stage is due after each event.
  void Hear() {
    while (!stage_.is_over() && !links_->events.empty()) {
      const auto event = fleet_->Next(absl::ZeroDuration());
      if (event.has_value()) (void)stage_.Handle(*event);
    }
  }
  void DialBoth() {
    while (!fleet_->AllDialled()) (void)Step();
  }
  void Load() {
    DialBoth();
    QueueHandshake(0);
    QueueHandshake(1);
    Hear();
  }
  std::string Message() const { return std::string(stage_.status().message()); }

  bool is_stopped_ = false;
  ConnectStage stage_{&*fleet_, [this] { return is_stopped_; }, clock_.MonotonicNs()};
};

TEST_F(ConnectStageTest, AStopBetweenTwoDialsEndsTheStart) {
  (void)Step();
  ASSERT_EQ(links_->dialled.size(), 1u);
  is_stopped_ = true;
  (void)Step();
  EXPECT_TRUE(stage_.is_over());
  EXPECT_TRUE(absl::IsCancelled(stage_.status()));
  EXPECT_EQ(links_->dialled.size(), 1u);
}

TEST_F(ConnectStageTest, AStopWhileClocksAreProbedEndsTheStart) {
  links_->answers_probes = false;
  Load();
  (void)Step();
  ASSERT_EQ(links_->Probes(0), 1u);
  is_stopped_ = true;
  (void)Step();
  EXPECT_TRUE(absl::IsCancelled(stage_.status()));
}

// Signals wake nobody.
TEST_F(ConnectStageTest, WhileNobodyAnswersTheUserIsHeardSoon) {
  DialBoth();
  EXPECT_LE(Step(), clock_.MonotonicNs() + 100 * kNsPerMs);
  EXPECT_FALSE(stage_.is_over());
}

TEST_F(ConnectStageTest, ASlowHostIsToldHowManyItDialled) {
  (void)Step();
  clock_.Advance(kTimeoutNs + 1);
  (void)Step();
  EXPECT_TRUE(absl::IsDeadlineExceeded(stage_.status()));
  EXPECT_EQ(Message(), "only 1 of 2 were dialled within 3s: this host is too busy");
}

TEST_F(ConnectStageTest, AWorkerThatAnswersAndDoesNotLoadIsNamed) {
  DialBoth();
  QueueHandshake(0);
  Queue(1)->mutable_ready()->set_version("1");
  Hear();
  clock_.Advance(kTimeoutNs);
  const int64_t next_ns = Step();
  ASSERT_FALSE(stage_.is_over());
  EXPECT_EQ(stage_.Step(next_ns), next_ns) << "the limit comes no later than the next step";
  EXPECT_THAT(Message(), HasSubstr("worker b:1 did not get ready within 3s"));
}

TEST_F(ConnectStageTest, ARefusalEndsTheStartAndNamesTheWorker) {
  DialBoth();
  Queue(1)->mutable_refused()->set_reason("too old");
  Hear();
  EXPECT_TRUE(absl::IsFailedPrecondition(stage_.status()));
  EXPECT_THAT(Message(), HasSubstr("worker b:1 refused: too old"));
}

TEST_F(ConnectStageTest, AFailureWhileLoadingEndsTheStartWithItsReason) {
  DialBoth();
  Queue(0)->mutable_failure()->set_reason("no memory");
  Hear();
  EXPECT_EQ(stage_.status(), absl::InternalError("worker a:1: no memory"));
}

TEST_F(ConnectStageTest, AStreamThatEndsWhileLoadingEndsTheStart) {
  DialBoth();
  QueueEnd(1);
  Hear();
  EXPECT_EQ(stage_.status(), absl::UnavailableError("worker b:1: broken"));
}

TEST_F(ConnectStageTest, AMessageThatIsMissingEndsTheStart) {
  DialBoth();
  ++sequences_[0];
  Queue(0)->mutable_ready();
  Hear();
  EXPECT_EQ(Message(), "worker a:1: sequence gap before message 2");
}

TEST_F(ConnectStageTest, ALossWhileClocksAreProbedEndsTheStart) {
  links_->answers_probes = false;
  Load();
  (void)Step();
  ASSERT_FALSE(stage_.is_over());
  QueueEnd(0);
  Hear();
  EXPECT_EQ(stage_.status(), absl::UnavailableError("worker a:1: broken"));
}

TEST_F(ConnectStageTest, ClocksAreProbedOnlyOnceAllAreLoaded) {
  DialBoth();
  QueueHandshake(0);
  Hear();
  (void)Step();
  EXPECT_EQ(links_->Probes(0), 0u) << "answers would be late while others load";
  QueueHandshake(1);
  Hear();
  (void)Step();
  Hear();
  (void)Step();
  EXPECT_TRUE(stage_.is_over());
  EXPECT_EQ(stage_.status(), absl::OkStatus());
  EXPECT_EQ(links_->Probes(0), uint64_t{ClockEstimate::kFirstProbes});
}

// A heartbeat is no event; the start must not wait for the next look for a stop.
TEST_F(FleetTest, TheStartEndsWithTheLastFirstHeartbeat) {
  QueueHandshake(0);
  Queue(1)->mutable_ready()->set_version("1");
  Queue(1)->mutable_loaded();
  int64_t heard_ns = 0;
  links_->on_wait = [this, &heard_ns] {
    clock_.Advance(kNsPerMs);
    if (heard_ns == 0) heard_ns = clock_.MonotonicNs();
    Queue(1)->mutable_heartbeat();
  };
  EXPECT_TRUE(TryConnect().ok());
  EXPECT_GT(heard_ns, 0);
  EXPECT_EQ(clock_.MonotonicNs(), heard_ns);
}

class LastProbesStageTest : public FleetTest {
 protected:
  LastProbesStageTest() : FleetTest({.same_host = false}) {}
};

TEST_F(LastProbesStageTest, ItEndsWithTheLastAnswer) {
  Connect();
  const uint64_t before = links_->Probes(0);
  const int64_t began_ns = clock_.MonotonicNs();
  ProbeOnceMore();
  EXPECT_EQ(links_->Probes(0), before + 1);
  EXPECT_EQ(fleet_->member(1).clock().probes(), links_->Probes(1));
  EXPECT_EQ(clock_.MonotonicNs(), began_ns + 2 * kNsPerMs) << "each answer takes one";
}

TEST_F(LastProbesStageTest, NobodyWaitsForALostWorker) {
  Connect();
  links_->answers_probes = false;
  QueueEnd(1);
  const int64_t began_ns = clock_.MonotonicNs();
  LastProbesStage stage(&*fleet_, began_ns);
  ASSERT_TRUE(fleet_->Next(absl::ZeroDuration()).has_value());
  links_->events.clear();
  links_->answers_probes = true;
  v1::CoordinatorMessage probe = links_->sent[0].back();
  links_->Send(0, probe);
  (void)fleet_->Next(absl::ZeroDuration());
  (void)stage.Step(began_ns);
  EXPECT_TRUE(stage.is_over());
}

TEST_F(FleetTest, ClocksThatAreOursAreNotProbedAtTheEnd) {
  Connect();
  const int64_t began_ns = clock_.MonotonicNs();
  ProbeOnceMore();
  EXPECT_EQ(links_->Probes(0), 0u);
  EXPECT_EQ(clock_.MonotonicNs(), began_ns);
}

}  // namespace
}  // namespace drumfire
