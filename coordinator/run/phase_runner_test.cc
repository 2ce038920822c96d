// Does a phase end whatever its workers, its target and the user do, and is what a lost worker had
// not sent given to the others only when that is safe?
#include "coordinator/run/phase_runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/dataset/texts.h"
#include "coordinator/fleet/fleet_test_fixture.h"
#include "coordinator/run/fake_keeper.h"
#include "coordinator/run/phase_deadline.h"
#include "coordinator/run/run_losses.h"

namespace drumfire {
namespace {

using ::testing::HasSubstr;

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
    if (on_step_) on_step_();
  }

  bool Was(uint32_t worker, bool (v1::CoordinatorMessage::*has)() const) const {
    const auto& sent = links_->sent.at(worker);
    return std::any_of(sent.begin(), sent.end(), [has](const auto& m) { return (m.*has)(); });
  }

  PhaseOutcome Run() {
    Connect();
    PhaseRunner runner(plan_, 0, &dataset_, TotalsOf(plan_, 0, &dataset_), fleet_.get(), &stops_,
                       &listener_, clock_);
    runner.BeginPrepare();
    Drive(&runner, fleet_.get(), clock_);
    EXPECT_TRUE(runner.prepared().ok());
    runner.BeginRun(&keeper_);
    Drive(&runner, fleet_.get(), clock_);
    return runner.TakeOutcome();
  }

  template <typename Fill>
  static FleetEvent Said(uint32_t worker, const Fill& fill) {
    FleetEvent event;
    event.worker = worker;
    fill(&event.message);
    return event;
  }

  // Prepared and started, without a drive.
  void Begin(PhaseRunner* runner) {
    runner->BeginPrepare();
    for (const uint32_t worker : {0, 1}) {
      if (!Was(worker, &v1::CoordinatorMessage::has_prepare)) continue;
      runner->Handle(Said(worker, [](auto* m) { m->mutable_prepared(); }));
    }
    runner->Step(clock_.MonotonicNs());
    ASSERT_TRUE(runner->prepared().ok());
    runner->BeginRun(&keeper_);
    runner->Step(clock_.MonotonicNs());
    ASSERT_TRUE(Was(0, &v1::CoordinatorMessage::has_start));
  }

  size_t GrantsTo(uint32_t worker) const {
    const auto& sent = links_->sent.at(worker);
    return std::count_if(sent.begin(), sent.end(), [](const auto& m) { return m.has_grant(); });
  }

  static constexpr int64_t kGraceNs = 3 * kNsPerSecond;
  static constexpr int64_t kSlackNs = kNsPerSecond;

  v1::Plan plan_;
  testutil::Texts dataset_;
  FakeStops stops_;
  PhaseListener listener_;
  FakeKeeper keeper_;
  bool prepared_[2] = {};
  bool done_ = false;
  std::function<bool()> should_end_;
  std::function<void()> on_step_;
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
  on_step_ = [&] {
    if (!Was(1, &v1::CoordinatorMessage::has_start) || stops_.stops > 0) return;
    stops_.stops = 1;
    stopped_ns = clock_.MonotonicNs();
  };
  const PhaseOutcome outcome = Run();
  EXPECT_TRUE(outcome.interrupted);
  EXPECT_TRUE(outcome.workers[1].lost);
  EXPECT_LE(outcome.end_ns - stopped_ns, kGraceNs + kPhaseEndPatienceNs + kSlackNs);
}

TEST_F(PhaseRunnerTest, LosesAWorkerThatTakesCreditsAndDoesNothing) {
  plan_.mutable_phases(0)->set_request_count(1000);
  plan_.mutable_connections()->set_request_timeout_ns(kNsPerSecond);
  const PhaseOutcome outcome = Run();
  EXPECT_TRUE(outcome.workers[0].lost);
  EXPECT_THAT(outcome.early_end, HasSubstr("sent and ended nothing for 61 s"));
}

// Arrivals may lie further apart than a request may take.
TEST_F(PhaseRunnerTest, AWorkerThatHadNothingToDoForLongIsNotLostByItsNextGrant) {
  v1::Phase* phase = plan_.mutable_phases(0);
  phase->set_mode(v1::LOAD_RATE);
  phase->set_arrival_pattern(v1::ARRIVAL_CONSTANT);
  phase->set_request_rate(0.01);
  phase->set_request_count(4);
  plan_.mutable_connections()->set_request_timeout_ns(kNsPerSecond);
  Connect();
  PhaseRunner runner(plan_, 0, &dataset_, TotalsOf(plan_, 0, &dataset_), fleet_.get(), &stops_,
                     &listener_, clock_);
  Begin(&runner);
  runner.Handle(Said(0, [](auto* m) {
    v1::CreditTotals* totals = m->mutable_progress()->mutable_totals();
    totals->set_granted(1);
    totals->set_begun(1);
    totals->set_sent(1);
    totals->set_completed(1);
    totals->set_sessions_completed(1);
  }));
  const size_t before = GrantsTo(1);
  for (int i = 0; i < 11'000 && GrantsTo(1) == before; ++i) {
    clock_.Advance(20 * kNsPerMs);
    runner.Step(clock_.MonotonicNs());
  }
  EXPECT_GT(GrantsTo(1), before);
  clock_.Advance(20 * kNsPerMs);
  runner.Step(clock_.MonotonicNs());
  EXPECT_FALSE(fleet_->member(0).lost);
  EXPECT_FALSE(fleet_->member(1).lost);
}

// The grace period of a warmup is endless by default, and its server may hang.
TEST_F(PhaseRunnerTest, AnInterruptHasAGracePeriodOfItsOwn) {
  plan_.mutable_phases(0)->set_request_count(1000);
  plan_.mutable_phases(0)->set_grace_period_ns(-1);
  int64_t stopped_ns = 0;
  on_step_ = [&] {
    if (!Was(1, &v1::CoordinatorMessage::has_start) || stops_.stops > 0) return;
    stops_.stops = 1;
    stopped_ns = clock_.MonotonicNs();
  };
  const PhaseOutcome outcome = Run();
  EXPECT_TRUE(outcome.interrupted);
  EXPECT_LE(outcome.end_ns - stopped_ns, kMaxInterruptGraceNs + kPhaseEndPatienceNs + kSlackNs);
}

TEST_F(PhaseRunnerTest, TheSecondInterruptWaitsForNobody) {
  plan_.mutable_phases(0)->set_request_count(1000);
  plan_.mutable_phases(0)->set_grace_period_ns(-1);
  int64_t stopped_ns = 0;
  on_step_ = [&] {
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
  on_step_ = [this] { stops_.stops = 2; };
  const int64_t began_ns = clock_.MonotonicNs();
  const PhaseOutcome outcome = Run();
  EXPECT_TRUE(outcome.workers[1].lost);
  EXPECT_LE(clock_.MonotonicNs() - began_ns, kLastPatienceNs + kSlackNs);
}

TEST_F(PhaseRunnerTest, ATargetThatCannotBeReachedEndsThePreparation) {
  Connect();
  PhaseRunner runner(plan_, 0, &dataset_, TotalsOf(plan_, 0, &dataset_), fleet_.get(), &stops_,
                     &listener_, clock_);
  runner.BeginPrepare();
  runner.Handle(Said(0, [](auto* m) { m->mutable_prepared()->set_connect_error("refused"); }));
  EXPECT_FALSE(runner.is_over()) << "the other worker is not ready";
  EXPECT_TRUE(runner.Handle(Said(1, [](auto* m) { m->mutable_prepared(); })));
  runner.Step(clock_.MonotonicNs());
  EXPECT_TRUE(runner.is_over());
  EXPECT_EQ(runner.prepared().message(), "--url: refused");
  EXPECT_TRUE(Was(1, &v1::CoordinatorMessage::has_cancel));
}

TEST_F(PhaseRunnerTest, AWorkerThatDoesNotGetReadyEndsThePreparation) {
  Connect();
  PhaseRunner runner(plan_, 0, &dataset_, TotalsOf(plan_, 0, &dataset_), fleet_.get(), &stops_,
                     &listener_, clock_);
  runner.BeginPrepare();
  clock_.Advance(60 * kNsPerSecond);
  runner.Step(clock_.MonotonicNs());
  EXPECT_FALSE(runner.is_over());
  clock_.Advance(1);
  runner.Step(clock_.MonotonicNs());
  EXPECT_TRUE(absl::IsDeadlineExceeded(runner.prepared()));
}

TEST_F(PhaseRunnerTest, AnErrorLimitEndsThePhaseWithItsReason) {
  Connect();
  plan_.mutable_phases(0)->set_request_count(1000);
  PhaseRunner runner(plan_, 0, &dataset_, TotalsOf(plan_, 0, &dataset_), fleet_.get(), &stops_,
                     &listener_, clock_);
  Begin(&runner);
  keeper_.error_limit = "too many failed";
  runner.Step(clock_.MonotonicNs());
  EXPECT_TRUE(Was(0, &v1::CoordinatorMessage::has_cancel));
  for (const uint32_t worker : {0, 1}) {
    runner.Handle(Said(worker, [](auto* m) { m->mutable_phase_done(); }));
  }
  runner.Step(clock_.MonotonicNs());
  ASSERT_TRUE(runner.is_over());
  EXPECT_EQ(runner.TakeOutcome().early_end, "too many failed");
}

// What the keeper knows of the lost worker's records decides what may be sent again.
TEST_F(PhaseRunnerTest, NothingIsReclaimedBeforeTheLeaseIsOverAndTheRecordsAreClosed) {
  Connect();
  plan_.mutable_loss()->set_action(v1::LOSS_CONTINUE);
  plan_.mutable_loss()->set_max_lost_share(0.5);
  plan_.mutable_phases(0)->set_request_count(1000);
  keeper_.recorded_below = std::nullopt;
  PhaseRunner runner(plan_, 0, &dataset_, TotalsOf(plan_, 0, &dataset_), fleet_.get(), &stops_,
                     &listener_, clock_);
  Begin(&runner);
  fleet_->Expel(1, "gone");
  runner.Handle(*NextLoss());
  runner.Step(clock_.MonotonicNs());
  EXPECT_TRUE(keeper_.asked_to_close.empty()) << "its lease is not over";
  clock_.Advance(2 * kLeaseNs);
  const size_t before = GrantsTo(0);
  runner.Step(clock_.MonotonicNs());
  EXPECT_EQ(keeper_.asked_to_close, std::vector<uint32_t>{1});
  EXPECT_EQ(GrantsTo(0), before) << "its records are not closed";
  keeper_.recorded_below = 0;
  runner.Step(clock_.MonotonicNs());
  EXPECT_GT(GrantsTo(0), before);
}

TEST_F(PhaseRunnerTest, RecordsAreToldOfTheStartAndOfEveryGrantBeforeTheWorkerIs) {
  Connect();
  plan_.mutable_phases(0)->set_request_count(1000);
  PhaseRunner runner(plan_, 0, &dataset_, TotalsOf(plan_, 0, &dataset_), fleet_.get(), &stops_,
                     &listener_, clock_);
  Begin(&runner);
  runner.Handle(Said(0, [](auto* m) { m->mutable_demand()->set_free_slots(1); }));
  for (const uint32_t worker : {0, 1}) {
    uint64_t sent = 0;
    for (const v1::CoordinatorMessage& message : links_->sent.at(worker)) {
      sent += message.prepare().first_grant().count() + message.grant().count();
    }
    EXPECT_GT(sent, 0u);
    EXPECT_EQ(keeper_.granted[worker], sent);
  }
  EXPECT_GT(keeper_.phase_start_ns, 0);
}

TEST_F(PhaseRunnerTest, AWorkerWhoseRecordsCannotBeTrueIsLost) {
  Connect();
  PhaseRunner runner(plan_, 0, &dataset_, TotalsOf(plan_, 0, &dataset_), fleet_.get(), &stops_,
                     &listener_, clock_);
  Begin(&runner);
  keeper_.refusals = {{1, "its records cannot be true: x"}};
  runner.Step(clock_.MonotonicNs());
  EXPECT_EQ(fleet_->member(1).lost_reason, "its records cannot be true: x");
  EXPECT_FALSE(fleet_->member(0).lost);
}

TEST_F(PhaseRunnerTest, AWorkerThatAsksForSessionsBeforeTheStartIsLost) {
  Connect();
  plan_.mutable_phases(0)->set_request_count(1000);
  PhaseRunner runner(plan_, 0, &dataset_, TotalsOf(plan_, 0, &dataset_), fleet_.get(), &stops_,
                     &listener_, clock_);
  runner.BeginPrepare();
  runner.Handle(Said(1, [](auto* m) { m->mutable_demand()->set_free_slots(5); }));
  EXPECT_EQ(fleet_->member(1).lost_reason, "it asks for sessions before it was told to start");
}

TEST_F(PhaseRunnerTest, AWorkerThatClaimsTheImpossibleIsLost) {
  Connect();
  PhaseRunner runner(plan_, 0, &dataset_, TotalsOf(plan_, 0, &dataset_), fleet_.get(), &stops_,
                     &listener_, clock_);
  Begin(&runner);
  runner.Handle(Said(0, [](auto* m) { m->mutable_phase_done()->set_phase(3); }));
  EXPECT_EQ(fleet_->member(0).lost_reason, "it speaks of phase 3 while phase 0 runs");
  runner.Handle(
      Said(1, [](auto* m) { m->mutable_progress()->mutable_totals()->set_granted(1'000'000); }));
  EXPECT_THAT(fleet_->member(1).lost_reason, HasSubstr("it claims 1000000 granted sessions"));
}

TEST_F(PhaseRunnerTest, AWorkerThatDoesNotTakePartGetsNoCredits) {
  Connect();
  plan_.mutable_phases(0)->set_concurrency(1);
  plan_.mutable_phases(0)->set_request_count(1000);
  PhaseRunner runner(plan_, 0, &dataset_, TotalsOf(plan_, 0, &dataset_), fleet_.get(), &stops_,
                     &listener_, clock_);
  Begin(&runner);
  const size_t before = GrantsTo(0);
  runner.Handle(Said(1, [](auto* m) { m->mutable_demand()->set_free_slots(5); }));
  EXPECT_EQ(GrantsTo(0), before);
  EXPECT_FALSE(runner.is_over());
  EXPECT_EQ(fleet_->member(1).lost_reason, "it takes no part in phase 0");
}

TEST_F(PhaseRunnerTest, StepsOutsideThePhaseAreOurMistake) {
  Connect();
  PhaseRunner runner(plan_, 0, &dataset_, TotalsOf(plan_, 0, &dataset_), fleet_.get(), &stops_,
                     &listener_, clock_);
  EXPECT_DEATH(runner.Step(1), "outside the phase");
  EXPECT_DEATH(runner.BeginRun(&keeper_), "Check failed");
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
