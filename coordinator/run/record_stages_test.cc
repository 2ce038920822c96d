// Does the end of a phase wait for its records exactly as long as it must?
#include "coordinator/run/record_stages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coordinator/run/fake_keeper.h"
#include "coordinator/run/phase_deadline.h"
#include "coordinator/run/run_records_fixture.h"

namespace drumfire {
namespace {

// Both workers have ended the phase; each says how many batches it made.
class CollectRecordsTest : public RunRecordsFixture {
 protected:
  void SetUp() override {
    RunRecordsFixture::SetUp();
    Link(0);
    Link(1);
    outcome_.workers.resize(2);
  }

  void EndWith(uint32_t worker, uint64_t last_batch) {
    outcome_.workers[worker].done.emplace().set_last_batch_sequence(last_batch);
  }

  void OnWait() override {
    RunRecordsFixture::OnWait();
    for (const uint32_t worker : {0u, 1u}) Queue(worker)->mutable_heartbeat();
    if (on_step_) on_step_();
  }

  CollectRecordsStage MakeStage() {
    return {&*records_, &*fleet_, &stops_, outcome_, clock_.MonotonicNs()};
  }

  // Returns when it is over.
  int64_t Collect() {
    CollectRecordsStage stage = MakeStage();
    Drive(&stage, &*fleet_, clock_);
    return clock_.MonotonicNs();
  }

  size_t AcksTo(uint32_t worker) const {
    const auto& sent = links_->sent.at(worker);
    return static_cast<size_t>(
        std::count_if(sent.begin(), sent.end(), [](const auto& m) { return m.has_record_ack(); }));
  }

  PhaseOutcome outcome_;
  FakeStops stops_;
  std::function<void()> on_step_;
};

TEST_F(CollectRecordsTest, NothingIsAwaitedOfWorkersThatMadeNoBatchOrNeverEndedThePhase) {
  EndWith(0, 0);
  const int64_t began_ns = clock_.MonotonicNs();
  EXPECT_EQ(Collect(), began_ns);
}

TEST_F(CollectRecordsTest, ItEndsWithTheLastRecordAndNotWithTheNextLook) {
  EndWith(0, 2);
  EndWith(1, 1);
  Arrive(BatchOf(1, 1));
  int64_t came_ns = 0;
  on_step_ = [this, &came_ns] {
    if (came_ns > 0) return;
    Arrive(BatchOf(0, 2));
    Arrive(BatchOf(0, 1));
    came_ns = clock_.MonotonicNs();
  };
  EXPECT_EQ(Collect(), came_ns);
  EXPECT_EQ(AcksTo(0), 1u);
  EXPECT_EQ(AcksTo(1), 1u);
}

TEST_F(CollectRecordsTest, ALostWorkersRecordsAreNotAwaited) {
  EndWith(0, 1);
  int64_t lost_ns = 0;
  on_step_ = [this, &lost_ns] {
    if (lost_ns > 0) return;
    lost_ns = clock_.MonotonicNs();
    QueueEnd(0);
  };
  EXPECT_EQ(Collect(), lost_ns);
}

TEST_F(CollectRecordsTest, RecordsThatNeverComeAreAwaitedUntilTheLimitAndNoLonger) {
  EndWith(0, 2);
  const int64_t began_ns = clock_.MonotonicNs();
  on_step_ = [this] {
    if (AcksTo(0) == 0) Arrive(BatchOf(0, 1));
  };
  const int64_t took_ns = Collect() - began_ns;
  EXPECT_GE(took_ns, kRecordsLimitNs);
  EXPECT_LE(took_ns, kRecordsLimitNs + kNsPerMs);
  const RunResult result = records_->Close(v1::RunEnd());
  EXPECT_THAT(result.facts.record_faults,
              ::testing::ElementsAre("worker 0: it said that its last batch was number 2, but all "
                                     "came only up to number 1"));
}

TEST_F(CollectRecordsTest, ASecondStopShortensTheLimit) {
  EndWith(0, 1);
  const int64_t began_ns = clock_.MonotonicNs();
  on_step_ = [this, began_ns] {
    if (clock_.MonotonicNs() > began_ns + kLastPatienceNs / 2) stops_.stops = 2;
  };
  const int64_t took_ns = Collect() - began_ns;
  EXPECT_GE(took_ns, kLastPatienceNs);
  EXPECT_LE(took_ns, kLastPatienceNs + kNsPerMs);
}

TEST_F(CollectRecordsTest, ASecondStopAfterTheShorterLimitIsSeenSoon) {
  EndWith(0, 1);
  const int64_t began_ns = clock_.MonotonicNs();
  CollectRecordsStage stage = MakeStage();
  EXPECT_LE(stage.Step(began_ns + 2 * kLastPatienceNs),
            began_ns + 2 * kLastPatienceNs + 100 * kNsPerMs);
  EXPECT_FALSE(stage.is_over());
  stops_.stops = 2;
  (void)stage.Step(began_ns + 2 * kLastPatienceNs + 1);
  EXPECT_TRUE(stage.is_over());
}

TEST_F(CollectRecordsTest, RecordsAfterItsEndWakeNobody) {
  EndWith(0, 1);
  Arrive(BatchOf(0, 1));
  (void)Collect();
  EXPECT_FALSE(fleet_->TakeWake());
  Arrive(BatchOf(0, 2));
  EXPECT_FALSE(fleet_->TakeWake());
}

}  // namespace
}  // namespace drumfire
