// Does a phase end though a worker answers heartbeats and never ends it?
#include "coordinator/run/phase_runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coordinator/fleet/fleet_test_fixture.h"
#include "coordinator/run/phase_deadline.h"

namespace drumfire {
namespace {

using ::testing::HasSubstr;

class FakeStops : public StopRequests {
 public:
  int count() const override { return stops; }
  int stops = 0;
};

class QuietObserver : public PhaseObserver {
 public:
  void OnPhaseStart(const PhaseOutcome&) override {}
  void OnJoin(const PhaseOutcome&, uint32_t) override {}
  void OnHistograms(uint32_t, const v1::IntervalHistograms&) override {}
  absl::StatusOr<bool> LinkRecords(uint32_t) override { return true; }
  uint64_t CloseRecords(uint32_t, uint32_t) override { return 0; }
  void OnProgress(const PhaseOutcome&, int64_t) override {}
};

// Worker 0 ends its phase when it should, worker 1 only answers heartbeats.
class PhaseRunnerTest : public FleetTest {
 protected:
  PhaseRunnerTest() {
    v1::Phase* phase = plan_.add_phases();
    phase->set_concurrency(2);
    phase->set_grace_period_ns(kGraceNs);
    links_->on_wait = [this] { OnWait(); };
  }

  // What both do while the time passes.
  void OnWait() {
    clock_.Advance(kNsPerMs);  // the fleet's waits get ever shorter towards the end of a turn
    for (const uint32_t worker : {0, 1}) {
      if (Was(worker, &v1::CoordinatorMessage::has_prepare) && !prepared_[worker]) {
        prepared_[worker] = true;
        Queue(worker)->mutable_prepared();
      }
      Queue(worker)->mutable_heartbeat()->set_sent_ns(clock_.MonotonicNs());
    }
    if (should_end_ && should_end_() && !done_) {
      done_ = true;
      Queue(0)->mutable_phase_done();
    }
    if (on_turn_) on_turn_();
  }

  bool Was(uint32_t worker, bool (v1::CoordinatorMessage::*has)() const) const {
    const auto& sent = links_->sent.at(worker);
    return std::any_of(sent.begin(), sent.end(), [has](const auto& m) { return (m.*has)(); });
  }

  PhaseOutcome Run() {
    Connect();
    PhaseRunner runner(plan_, 0, nullptr, fleet_.get(), &stops_, &observer_, clock_);
    EXPECT_TRUE(runner.Prepare().ok());
    return runner.Run();
  }

  static constexpr int64_t kGraceNs = 3 * kNsPerSecond;
  static constexpr int64_t kSlackNs = kNsPerSecond;

  v1::Plan plan_;
  FakeStops stops_;
  QuietObserver observer_;
  bool prepared_[2] = {};
  bool done_ = false;
  std::function<bool()> should_end_;
  std::function<void()> on_turn_;
};

TEST_F(PhaseRunnerTest, LosesAWorkerThatDoesNotEndAfterDurationAndGrace) {
  plan_.mutable_phases(0)->set_duration_ns(10 * kNsPerSecond);
  should_end_ = [this] { return Was(0, &v1::CoordinatorMessage::has_start); };
  const PhaseOutcome outcome = Run();
  EXPECT_FALSE(outcome.workers[0].lost);
  EXPECT_TRUE(outcome.workers[1].lost);
  EXPECT_THAT(outcome.early_end, HasSubstr("b:1 lost: it answers heartbeats but did not end"));
  const int64_t length_ns = outcome.end_ns - outcome.start_ns;
  EXPECT_GE(length_ns, 10 * kNsPerSecond + kGraceNs + kPhaseEndPatienceNs);
  EXPECT_LE(length_ns, 10 * kNsPerSecond + kGraceNs + kPhaseEndPatienceNs + kSlackNs);
}

TEST_F(PhaseRunnerTest, LosesAWorkerThatDoesNotEndAfterAnInterrupt) {
  plan_.mutable_phases(0)->set_request_count(1000);
  should_end_ = [this] { return Was(0, &v1::CoordinatorMessage::has_drain); };
  int64_t stopped_ns = 0;
  on_turn_ = [&] {
    if (!Was(1, &v1::CoordinatorMessage::has_start) || stops_.stops > 0) return;
    stops_.stops = 1;
    stopped_ns = clock_.MonotonicNs();
  };
  const PhaseOutcome outcome = Run();
  EXPECT_TRUE(outcome.interrupted);
  EXPECT_TRUE(outcome.workers[1].lost);
  EXPECT_LE(outcome.end_ns - stopped_ns, kGraceNs + kPhaseEndPatienceNs + kSlackNs);
}

// An endless grace period bounds nothing: the second interrupt does.
TEST_F(PhaseRunnerTest, TheSecondInterruptWaitsForNobody) {
  plan_.mutable_phases(0)->set_request_count(1000);
  plan_.mutable_phases(0)->set_grace_period_ns(-1);
  int64_t stopped_ns = 0;
  on_turn_ = [&] {
    if (!Was(1, &v1::CoordinatorMessage::has_start) || stops_.stops == 2) return;
    stopped_ns = clock_.MonotonicNs();
    stops_.stops = Was(1, &v1::CoordinatorMessage::has_drain) ? 2 : 1;
  };
  const PhaseOutcome outcome = Run();
  EXPECT_TRUE(outcome.interrupted);
  EXPECT_TRUE(Was(1, &v1::CoordinatorMessage::has_cancel));
  EXPECT_LE(outcome.end_ns - stopped_ns, kLastPatienceNs + kSlackNs);
}

TEST_F(PhaseRunnerTest, AnInterruptEndsAPreparationThatHangs) {
  plan_.mutable_phases(0)->set_request_count(1000);
  prepared_[1] = true;  // it never says so
  on_turn_ = [this] { stops_.stops = 2; };
  const int64_t began_ns = clock_.MonotonicNs();
  const PhaseOutcome outcome = Run();
  EXPECT_TRUE(outcome.workers[1].lost);
  EXPECT_LE(clock_.MonotonicNs() - began_ns, kLastPatienceNs + kSlackNs);
}

// The last loss may be no more than a consequence of the first.
TEST_F(PhaseRunnerTest, NamesAllLossesThatEndARun) {
  Connect();
  EXPECT_EQ(LossThatEndsRun(plan_, *fleet_), "");
  fleet_->Expel(0, "first cause");
  fleet_->Expel(1, "second cause");
  EXPECT_EQ(LossThatEndsRun(plan_, *fleet_),
            "worker a:1 lost: first cause; worker b:1 lost: second cause");
}

TEST(PhaseDeadlineTest, HugeTimesAreNoLimit) {
  v1::Phase phase;
  phase.set_duration_ns(INT64_MAX - 5);
  phase.set_grace_period_ns(INT64_MAX);
  PhaseDeadline deadline;
  deadline.OnStart(phase, 4);
  EXPECT_FALSE(deadline.IsOver(INT64_MAX - 1));
}

}  // namespace
}  // namespace drumfire
