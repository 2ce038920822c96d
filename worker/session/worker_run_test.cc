// Do a run's loops play together: prepared in time, every credit accounted for, nothing left
// behind?
#include "worker/session/worker_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "worker/session/testing.h"

namespace drumfire {
namespace {

using ::drumfire::testutil::FakeResources;
using ::drumfire::testutil::RunFixture;
using ::testing::HasSubstr;

constexpr int64_t kRunLeaseNs = 5 * kNsPerSecond;

class WorkerRunTest : public RunFixture {
 protected:
  WorkerRunTest() { plan_.mutable_phases(0)->set_request_count(10); }

  void Open() {
    run_ = std::make_unique<WorkerRun>(&resources_, &end_, /*log_runs=*/false);
    BeginSession(run_.get());
    SendHello(kRunLeaseNs, "");
  }
  void Begin() {
    AnswerHeartbeat();
    Start();
  }
  // The target answers so many requests.
  void Finish(uint32_t requests) {
    resources_.engine().answers_due = requests;
    while (resources_.engine().answers_due > 0) {
      loops_.RunFor(60 * kNsPerMs);  // the I/O loop's own step
      if (run_->is_free()) return;
      AnswerHeartbeat();
    }
  }

  FakeResources resources_{&clock_, &loops_};
  std::unique_ptr<WorkerRun> run_;
};

TEST_F(WorkerRunTest, ATargetThatCannotBeReachedIsToldInPrepared) {
  resources_.connect_error = "connection refused";
  Open();
  Prepare(4, false);
  const auto* prepared = Last([](const auto& m) { return m.has_prepared(); });
  ASSERT_NE(prepared, nullptr);
  EXPECT_EQ(prepared->prepared().connect_error(), "connection refused");
}

// One chunk many times costs its sender nothing.
TEST_F(WorkerRunTest, APlanThatNamesMoreBytesThanThereIsMemoryForIsRefused) {
  resources_.free_memory_bytes = 4 * plan_.dataset().rows().size_bytes() - 4;
  Open();
  const auto* refused = Last([](const auto& m) { return m.has_refused(); });
  ASSERT_NE(refused, nullptr);
  EXPECT_THAT(refused->refused().reason(), HasSubstr("dataset.rows and tokenizer.file: found"));
  EXPECT_TRUE(run_->is_free());
}

// Taking it would make a session twice, or not at all.
TEST_F(WorkerRunTest, CreditsThatItHoldsAlreadyEndTheRun) {
  plan_.mutable_phases(0)->set_request_count(100'000);
  Open();
  Prepare(20'000, /*last=*/false);  // more than are made ahead
  Grant(19'999, 1, /*last=*/false);
  const auto* failure = Last([](const auto& m) { return m.has_failure(); });
  ASSERT_NE(failure, nullptr);
  EXPECT_THAT(failure->failure().reason(), HasSubstr("of which some are granted already"));
  EXPECT_TRUE(run_->is_free());
}

TEST_F(WorkerRunTest, AnAckOfABatchThatWasNeverMadeEndsTheRun) {
  Open();
  v1::CoordinatorMessage message;
  message.mutable_record_ack()->set_sequence(1);
  Tell(std::move(message));
  const auto* failure = Last([](const auto& m) { return m.has_failure(); });
  ASSERT_NE(failure, nullptr);
  EXPECT_EQ(failure->failure().reason(), "RecordAck: ack of batch 1, the last one made is 0");
}

TEST_F(WorkerRunTest, ChunksThatWereNotAskedForAreRefused) {
  resources_.missing = {"wanted"};
  Open();
  v1::CoordinatorMessage message;
  message.mutable_chunk()->set_sha256("other");
  Tell(std::move(message));
  const auto* failure = Last([](const auto& m) { return m.has_failure(); });
  ASSERT_NE(failure, nullptr);
  EXPECT_THAT(failure->failure().reason(), HasSubstr("not asked for"));
  EXPECT_TRUE(run_->is_free());
}

TEST_F(WorkerRunTest, IsPreparedOnceItsFirstRequestsAreMade) {
  Open();
  EXPECT_NE(Last([](const auto& m) { return m.has_loaded(); }), nullptr);
  Prepare(4, false);
  EXPECT_NE(Last([](const auto& m) { return m.has_prepared(); }), nullptr);
  EXPECT_EQ(run_->phase_name(), "profiling");
}

TEST_F(WorkerRunTest, EveryCreditIsSentRecordedAndToldOnce) {
  Open();
  Prepare(10, /*last=*/true);
  Begin();
  Finish(10);
  loops_.RunFor(kNsPerSecond);
  ASSERT_TRUE(IsDone());
  EXPECT_EQ(Done().totals().granted(), 10u);
  EXPECT_EQ(Done().totals().completed(), 10u);
  EXPECT_EQ(Done().totals().unsent(), 0u);
  EXPECT_EQ(Done().records_made(), 10u);
  EXPECT_EQ(Done().health().records_dropped(), 0u);
  EXPECT_EQ(Done().last_batch_sequence(), 1u) << "all its records are in the sender's hands";
  EXPECT_EQ(run_->phase_name(), "");
}

TEST_F(WorkerRunTest, AsksForMoreCreditsBeforeTheyRunOut) {
  Open();
  Prepare(4, /*last=*/false);
  Begin();
  EXPECT_NE(Last([](const auto& m) { return m.has_demand(); }), nullptr);
  Grant(4, 6, /*last=*/true);
  Finish(10);
  loops_.RunFor(kNsPerSecond);
  ASSERT_TRUE(IsDone());
  EXPECT_EQ(Done().totals().completed(), 10u);
}

TEST_F(WorkerRunTest, ReportsProgressTwiceASecond) {
  Open();
  Prepare(4, true);
  Begin();
  for (int i = 0; i < 4; ++i) {
    loops_.RunFor(500 * kNsPerMs);
    AnswerHeartbeat();
  }
  uint64_t reports = 0;
  for (const v1::WorkerMessage& message : end_.sent) reports += message.has_progress() ? 1 : 0;
  EXPECT_EQ(reports, 4u);
  const auto* progress = Last([](const auto& m) { return m.has_progress(); });
  EXPECT_EQ(progress->progress().totals().in_flight(), 2u);
  EXPECT_EQ(progress->progress().lowest_unsent(), 2u);
}

TEST_F(WorkerRunTest, ADrainSendsNothingMoreAndCountsTheRestAsUnsent) {
  Open();
  Prepare(10, true);
  Begin();
  v1::CoordinatorMessage message;
  message.mutable_drain()->set_grace_ns(-1);
  Tell(std::move(message));
  Finish(2);
  loops_.RunFor(kNsPerSecond);
  ASSERT_TRUE(IsDone());
  EXPECT_EQ(Done().totals().sent(), 2u);
  EXPECT_EQ(Done().totals().unsent(), 8u);
}

TEST_F(WorkerRunTest, AnExpiredLeaseEndsTheRunAndFreesEverything) {
  Open();
  Prepare(10, true);
  Begin();
  loops_.RunFor(2 * kRunLeaseNs);
  EXPECT_NE(Last([](const auto& m) { return m.has_failure(); }), nullptr);
  EXPECT_TRUE(run_->is_free());
  EXPECT_TRUE(end_.is_finished);
  EXPECT_FALSE(IsDone());
}

TEST_F(WorkerRunTest, ABrokenStreamEndsTheRunInTheMiddleOfAPhase) {
  Open();
  Prepare(10, true);
  Begin();
  runner_->Post([this] { session_->OnStreamClosed(); });
  loops_.RunUntilIdle();
  EXPECT_TRUE(run_->is_free());
  EXPECT_TRUE(session_->done());
}

TEST_F(WorkerRunTest, APhaseFollowsThePhaseBefore) {
  *plan_.add_phases() = plan_.phases(0);
  plan_.mutable_phases(0)->set_kind(v1::PHASE_WARMUP);
  Open();
  Prepare(2, true);
  Begin();
  Finish(2);
  loops_.RunFor(kNsPerSecond);
  ASSERT_TRUE(IsDone());
  AnswerHeartbeat();
  Prepare(3, true, /*phase=*/1);
  Start(/*phase=*/1);
  Finish(3);
  loops_.RunFor(kNsPerSecond);
  EXPECT_EQ(Done().phase(), 1u);
  EXPECT_EQ(Done().totals().completed(), 3u);
}

}  // namespace
}  // namespace drumfire
