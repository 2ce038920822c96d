// Do fake workers use each credit once, by the clock that they are given?
#include "tools/fleet_sim/fake_run.h"

#include <gtest/gtest.h>

#include "common/loop/testing.h"
#include "common/plan/blob.h"
#include "common/plan/plan_hash.h"
#include "common/plan/version.h"
#include "tools/fleet_sim/counting_run.h"
#include "worker/session/testing.h"

namespace drumfire::fleet_sim {
namespace {

using ::drumfire::testing::KeepingEnd;
using ::drumfire::testing::ManualLoops;

constexpr int64_t kStartNs = kNsPerSecond;

std::string OneRow() {
  v1::DatasetRows rows;
  rows.add_isl(1);
  rows.add_osl(0);
  rows.add_texts("hello");
  return rows.SerializeAsString();
}

class FakeRunTest : public ::testing::Test {
 protected:
  FakeRunTest() {
    plan_.set_protocol_version(kProtocolVersion);
    plan_.add_urls("http://127.0.0.1:9");
    plan_.add_models("m");
    plan_.mutable_endpoint()->set_batch_size(1);
    plan_.mutable_dataset()->set_kind(v1::DATASET_SINGLE_TURN);
    plan_.mutable_dataset()->set_entries(1);
    ChunkMap chunks;
    *plan_.mutable_dataset()->mutable_rows() = MakeBlob(OneRow(), &chunks);
    for (const auto& [name, bytes] : chunks) {
      EXPECT_TRUE(workloads_.chunks().Add(name, bytes).ok());
    }
    v1::Phase* phase = plan_.add_phases();
    phase->set_kind(v1::PHASE_PROFILING);
    phase->set_mode(v1::LOAD_CLOSED_LOOP);
    phase->set_concurrency(2);
    phase->set_grace_period_ns(-1);
    auto thread = SharedThread::Create(SystemClock());
    thread_ = *std::move(thread);
    links_ = std::make_unique<RecordLinks>("127.0.0.1", thread_.get());
  }

  void Begin(const FakeAnswer& answer, double speed_up, bool counts = false) {
    resources_ = std::make_unique<FakeResources>(
        FakeResourceOptions{answer, speed_up, &clock_, &loops_, &workloads_, links_.get()});
    const auto on_close = [this](const std::string& why, uint64_t) { closed_ = why; };
    if (counts) {
      auto run = std::make_unique<CountingRun>(resources_.get(), &end_, on_close);
      StartSession(run.get());
      run->Attach(&session_->session());
      host_ = std::move(run);
    } else {
      auto run = std::make_unique<FakeRun>(resources_.get(), &end_, on_close);
      StartSession(run.get());
      run->Attach(&session_->session(), runner_.get());
      host_ = std::move(run);
    }
    v1::CoordinatorMessage message;
    message.mutable_hello()->set_protocol_version(kProtocolVersion);
    message.mutable_hello()->set_run_id("0123456789abcdef");
    message.mutable_hello()->set_records_client_key(MakeLinkKeys()->public_key);
    *message.mutable_hello()->mutable_plan() = plan_;
    Tell(std::move(message));
  }
  void StartSession(SessionHost* host) {
    session_ = std::make_unique<SessionLoop>(host, &end_);
    runner_ = loops_.Run(session_.get(), nullptr);
  }

  void Tell(v1::CoordinatorMessage message) {
    message.set_epoch(1);
    message.set_sequence(++sequence_);
    message.set_plan_hash(PlanHash(plan_));
    runner_->Post([this, message] { session_->OnMessage(message, clock_.MonotonicNs()); });
    loops_.RunUntilIdle();
  }
  void Prepare(uint64_t credits, bool last) {
    v1::CoordinatorMessage message;
    message.mutable_prepare()->set_slots(2);
    *message.mutable_prepare()->mutable_first_grant() = Range(0, credits, last);
    Tell(std::move(message));
  }
  void Grant(uint64_t first, uint64_t credits, bool last) {
    v1::CoordinatorMessage message;
    *message.mutable_grant() = Range(first, credits, last);
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
  void Start() {
    v1::CoordinatorMessage message;
    message.mutable_start()->set_start_ns(clock_.MonotonicNs());
    Tell(std::move(message));
  }

  uint64_t Demands() const {
    uint64_t demands = 0;
    for (const v1::WorkerMessage& message : end_.sent) demands += message.has_demand() ? 1 : 0;
    return demands;
  }
  v1::PhaseDone Done() const {
    for (const v1::WorkerMessage& message : end_.sent) {
      if (message.has_phase_done()) return message.phase_done();
    }
    ADD_FAILURE() << "the phase is not over: " << end_.sent.back().ShortDebugString();
    return {};
  }

  FakeClock clock_{kStartNs};
  ManualLoops loops_{&clock_};
  Workloads workloads_;
  std::unique_ptr<SharedThread> thread_;
  std::unique_ptr<RecordLinks> links_;
  v1::Plan plan_;
  KeepingEnd end_;
  uint64_t sequence_ = 0;
  std::string closed_ = "open";
  std::unique_ptr<FakeResources> resources_;
  std::unique_ptr<SessionHost> host_;
  std::unique_ptr<SessionLoop> session_;
  std::unique_ptr<LoopRunner> runner_;
};

TEST_F(FakeRunTest, OpenLoopsGoByTheCoordinatorsClock) {
  plan_.mutable_phases(0)->set_mode(v1::LOAD_RATE);
  plan_.mutable_phases(0)->set_request_rate(10);
  plan_.mutable_phases(0)->set_request_count(10);
  Begin({}, /*speed_up=*/2);
  EXPECT_TRUE(end_.sent.back().has_refused());
}

TEST_F(FakeRunTest, EachCreditIsSentOnceWithinTheSlots) {
  plan_.mutable_phases(0)->set_request_count(100);
  Begin({.service_ns = 10 * kNsPerMs, .chunks = 5}, 1);
  Prepare(60, false);
  Start();
  loops_.RunFor(200 * kNsPerMs);
  EXPECT_EQ(Demands(), 1u);
  Grant(60, 40, true);
  loops_.RunFor(400 * kNsPerMs);
  EXPECT_EQ(Done().totals().completed(), 100u);
  EXPECT_EQ(Done().records_made(), 100u);
}

TEST_F(FakeRunTest, RequestsThatTakeNoTimeAreAllAnswered) {
  plan_.mutable_phases(0)->set_request_count(5000);
  Begin({.service_ns = 0}, 1);
  Prepare(5000, true);
  Start();
  loops_.RunFor(kNsPerSecond);
  EXPECT_EQ(Done().totals().completed(), 5000u);
}

TEST_F(FakeRunTest, AnHourOfRequestsIsOverInASixtiethOfIt) {
  constexpr int64_t kHourNs = 3600 * kNsPerSecond;
  plan_.mutable_phases(0)->set_duration_ns(kHourNs);
  Begin({.service_ns = 10 * kNsPerSecond}, 60);
  Prepare(5000, false);
  Start();
  loops_.RunFor(kHourNs / 60 + kNsPerSecond);
  EXPECT_EQ(Done().totals().completed(), 720u);
}

TEST_F(FakeRunTest, CountedCreditsCloseTheirAccount) {
  plan_.mutable_phases(0)->set_request_count(150);
  Begin({}, 1, /*counts=*/true);
  Prepare(100, false);
  Start();
  EXPECT_EQ(Demands(), 1u);
  Grant(100, 50, true);
  EXPECT_EQ(Done().totals().completed(), 150u);
  EXPECT_EQ(Done().health().records_dropped(), 150u);
  EXPECT_EQ(Done().records_made(), 150u);
}

TEST_F(FakeRunTest, CountedCreditsAfterTheDurationStayUnsent) {
  plan_.mutable_phases(0)->set_duration_ns(kNsPerSecond);
  Begin({}, 1, /*counts=*/true);
  Prepare(100, false);
  Start();
  clock_.Advance(kNsPerSecond);
  Grant(100, 50, false);
  EXPECT_EQ(Done().totals().completed(), 100u);
  EXPECT_EQ(Done().totals().unsent(), 50u);
}

}  // namespace
}  // namespace drumfire::fleet_sim
