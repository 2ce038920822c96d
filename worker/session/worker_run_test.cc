// Do a run's loops play together: prepared in time, every credit accounted for, nothing left
// behind?
#include "worker/session/worker_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/plan/blob.h"
#include "common/plan/plan_hash.h"
#include "common/plan/version.h"
#include "worker/session/testing.h"

namespace drumfire {
namespace {

using ::drumfire::testing::FakeResources;
using ::drumfire::testing::KeepingEnd;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int64_t kStartNs = 10 * kNsPerSecond;
constexpr int64_t kRunLeaseNs = 5 * kNsPerSecond;

class WorkerRunTest : public ::testing::Test {
 protected:
  WorkerRunTest() {
    plan_.set_protocol_version(kProtocolVersion);
    plan_.add_urls("http://127.0.0.1:9");
    plan_.add_models("m");
    plan_.mutable_endpoint()->set_batch_size(1);
    plan_.mutable_dataset()->set_entries(4);
    plan_.mutable_dataset()->set_kind(v1::DATASET_SINGLE_TURN);
    *plan_.mutable_dataset()->mutable_rows() = MakeBlob("rows", &chunks_);
    v1::Phase* phase = plan_.add_phases();
    phase->set_kind(v1::PHASE_PROFILING);
    phase->set_name("profiling");
    phase->set_concurrency(2);
    phase->set_request_count(10);
    phase->set_grace_period_ns(-1);
  }

  void Start() {
    run_ = std::make_unique<WorkerRun>(&resources_, &end_, /*log_runs=*/false);
    loop_ = std::make_unique<SessionLoop>(run_.get(), &end_);
    runner_ = resources_.runners().Run(loop_.get(), nullptr);
    run_->Attach(&loop_->session(), runner_.get());
    v1::CoordinatorMessage message;
    v1::Hello* hello = message.mutable_hello();
    hello->set_protocol_version(kProtocolVersion);
    hello->set_run_id("0123456789abcdef");
    hello->set_lease_ns(kRunLeaseNs);
    *hello->mutable_plan() = plan_;
    Tell(std::move(message));
  }

  void Tell(v1::CoordinatorMessage message) {
    ASSERT_FALSE(Last([](const auto& m) { return m.has_refused(); }))
        << end_.sent.back().DebugString();
    message.set_epoch(1);
    message.set_sequence(++sequence_);
    message.set_plan_hash(PlanHash(plan_));
    runner_->Post([this, message] { loop_->OnMessage(message, clock_.MonotonicNs()); });
    resources_.loops().RunUntilIdle();
  }
  void Prepare(uint64_t credits, bool last) {
    v1::CoordinatorMessage message;
    message.mutable_prepare()->set_slots(2);
    *message.mutable_prepare()->mutable_first_grant() = Range(0, credits, last);
    Tell(std::move(message));
  }
  static v1::Grant Range(uint64_t first, uint64_t count, bool last) {
    v1::Grant grant;
    grant.set_first(first);
    grant.set_count(count);
    grant.set_stride(1);
    grant.set_last(last);
    return grant;
  }
  // Answers the newest heartbeat, so that the worker has its lease.
  void Answer() {
    v1::CoordinatorMessage message;
    message.mutable_heartbeat()->set_sent_ns(clock_.MonotonicNs());
    Tell(std::move(message));
  }
  void Begin() {
    Answer();
    v1::CoordinatorMessage message;
    message.mutable_start()->set_start_ns(clock_.MonotonicNs());
    Tell(std::move(message));
  }
  // The target answers so many requests.
  void Finish(uint32_t requests) {
    resources_.engine().answers_due = requests;
    while (resources_.engine().answers_due > 0) {
      resources_.loops().RunFor(60 * kNsPerMs);  // the I/O loop's own turn
      if (run_->is_free()) return;
      Answer();
    }
  }

  template <typename Has>
  const v1::WorkerMessage* Last(Has has) const {
    for (auto message = end_.sent.rbegin(); message != end_.sent.rend(); ++message) {
      if (has(*message)) return &*message;
    }
    return nullptr;
  }
  const v1::PhaseDone* Done() const {
    const auto* found = Last([](const auto& m) { return m.has_phase_done(); });
    return found == nullptr ? nullptr : &found->phase_done();
  }

  FakeClock clock_{kStartNs};
  FakeResources resources_{&clock_};
  KeepingEnd end_;
  ChunkMap chunks_;
  v1::Plan plan_;
  uint64_t sequence_ = 0;
  std::unique_ptr<WorkerRun> run_;
  std::unique_ptr<SessionLoop> loop_;
  std::unique_ptr<LoopRunner> runner_;
};

TEST_F(WorkerRunTest, ATargetThatCannotBeReachedIsToldInPrepared) {
  resources_.connect_error = "connection refused";
  Start();
  Prepare(4, false);
  const auto* prepared = Last([](const auto& m) { return m.has_prepared(); });
  ASSERT_NE(prepared, nullptr);
  EXPECT_EQ(prepared->prepared().connect_error(), "connection refused");
}

TEST_F(WorkerRunTest, ChunksThatWereNotAskedForAreRefused) {
  resources_.missing = {"wanted"};
  Start();
  v1::CoordinatorMessage message;
  message.mutable_chunk()->set_sha256("other");
  Tell(std::move(message));
  const auto* failure = Last([](const auto& m) { return m.has_failure(); });
  ASSERT_NE(failure, nullptr);
  EXPECT_THAT(failure->failure().reason(), HasSubstr("not asked for"));
  EXPECT_TRUE(run_->is_free());
}

TEST_F(WorkerRunTest, IsPreparedOnceItsFirstRequestsAreMade) {
  Start();
  EXPECT_NE(Last([](const auto& m) { return m.has_loaded(); }), nullptr);
  Prepare(4, false);
  EXPECT_NE(Last([](const auto& m) { return m.has_prepared(); }), nullptr);
  EXPECT_EQ(run_->phase_name(), "profiling");
}

TEST_F(WorkerRunTest, EveryCreditIsSentRecordedAndToldOnce) {
  Start();
  Prepare(10, /*last=*/true);
  Begin();
  Finish(10);
  resources_.loops().RunFor(kNsPerSecond);
  ASSERT_NE(Done(), nullptr);
  EXPECT_EQ(Done()->totals().granted(), 10u);
  EXPECT_EQ(Done()->totals().completed(), 10u);
  EXPECT_EQ(Done()->totals().unsent(), 0u);
  EXPECT_EQ(Done()->records_made(), 10u);
  EXPECT_EQ(Done()->health().records_dropped(), 0u);
  EXPECT_EQ(Done()->last_batch_sequence(), 1u) << "all its records are in the sender's hands";
  EXPECT_EQ(run_->phase_name(), "");
}

TEST_F(WorkerRunTest, AsksForMoreCreditsBeforeTheyRunOut) {
  Start();
  Prepare(4, /*last=*/false);
  Begin();
  EXPECT_NE(Last([](const auto& m) { return m.has_demand(); }), nullptr);
  v1::CoordinatorMessage message;
  *message.mutable_grant() = Range(4, 6, /*last=*/true);
  Tell(std::move(message));
  Finish(10);
  resources_.loops().RunFor(kNsPerSecond);
  ASSERT_NE(Done(), nullptr);
  EXPECT_EQ(Done()->totals().completed(), 10u);
}

TEST_F(WorkerRunTest, ReportsProgressTwiceASecond) {
  Start();
  Prepare(4, true);
  Begin();
  for (int i = 0; i < 4; ++i) {
    resources_.loops().RunFor(500 * kNsPerMs);
    Answer();
  }
  uint64_t reports = 0;
  for (const v1::WorkerMessage& message : end_.sent) reports += message.has_progress() ? 1 : 0;
  EXPECT_EQ(reports, 4u);
  const auto* progress = Last([](const auto& m) { return m.has_progress(); });
  EXPECT_EQ(progress->progress().totals().in_flight(), 2u);
  EXPECT_EQ(progress->progress().lowest_unsent(), 2u);
}

TEST_F(WorkerRunTest, ADrainSendsNothingMoreAndCountsTheRestAsUnsent) {
  Start();
  Prepare(10, true);
  Begin();
  v1::CoordinatorMessage message;
  message.mutable_drain()->set_grace_ns(-1);
  Tell(std::move(message));
  Finish(2);
  resources_.loops().RunFor(kNsPerSecond);
  ASSERT_NE(Done(), nullptr);
  EXPECT_EQ(Done()->totals().sent(), 2u);
  EXPECT_EQ(Done()->totals().unsent(), 8u);
}

TEST_F(WorkerRunTest, AnExpiredLeaseEndsTheRunAndFreesEverything) {
  Start();
  Prepare(10, true);
  Begin();
  resources_.loops().RunFor(2 * kRunLeaseNs);
  EXPECT_NE(Last([](const auto& m) { return m.has_failure(); }), nullptr);
  EXPECT_TRUE(run_->is_free());
  EXPECT_TRUE(end_.is_finished);
  EXPECT_EQ(Done(), nullptr);
}

TEST_F(WorkerRunTest, ABrokenStreamEndsTheRunInTheMiddleOfAPhase) {
  Start();
  Prepare(10, true);
  Begin();
  runner_->Post([this] { loop_->OnStreamClosed(); });
  resources_.loops().RunUntilIdle();
  EXPECT_TRUE(run_->is_free());
  EXPECT_TRUE(loop_->done());
}

TEST_F(WorkerRunTest, APhaseFollowsThePhaseBefore) {
  *plan_.add_phases() = plan_.phases(0);
  plan_.mutable_phases(0)->set_kind(v1::PHASE_WARMUP);
  Start();
  Prepare(2, true);
  Begin();
  Finish(2);
  resources_.loops().RunFor(kNsPerSecond);
  ASSERT_NE(Done(), nullptr);
  Answer();
  v1::CoordinatorMessage message;
  message.mutable_prepare()->set_phase(1);
  message.mutable_prepare()->set_slots(2);
  *message.mutable_prepare()->mutable_first_grant() = Range(0, 3, true);
  message.mutable_prepare()->mutable_first_grant()->set_phase(1);
  Tell(std::move(message));
  message.mutable_start()->set_phase(1);
  message.mutable_start()->set_start_ns(clock_.MonotonicNs());
  Tell(std::move(message));
  Finish(3);
  resources_.loops().RunFor(kNsPerSecond);
  EXPECT_EQ(Done()->phase(), 1u);
  EXPECT_EQ(Done()->totals().completed(), 3u);
}

}  // namespace
}  // namespace drumfire
