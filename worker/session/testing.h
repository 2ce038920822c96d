// A run over fakes and its coordinator, for tests of what stands above and below it.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/plan/blob.h"
#include "common/plan/plan_hash.h"
#include "common/plan/version.h"
#include "worker/session/fakes.h"

namespace drumfire::testutil {

// The coordinator's side of one run's control stream: a closed loop with two slots.
//
//   BeginSession(&run);  SendHello(lease_ns, key);
//   Prepare(10, /*last=*/true);  Start();
//   loops_.RunFor(kNsPerSecond);
//   EXPECT_EQ(Done().totals().completed(), 10u);
class RunFixture : public ::testing::Test {
 protected:
  RunFixture() {
    plan_.set_protocol_version(kProtocolVersion);
    plan_.add_urls("http://127.0.0.1:9");
    plan_.add_models("m");
    plan_.mutable_endpoint()->set_batch_size(1);
    plan_.mutable_dataset()->set_kind(v1::DATASET_SINGLE_TURN);
    plan_.mutable_dataset()->set_entries(1);
    *plan_.mutable_dataset()->mutable_rows() = MakeBlob(OneRow(), &chunks_);
    v1::Phase* phase = plan_.add_phases();
    phase->set_kind(v1::PHASE_PROFILING);
    phase->set_name("profiling");
    phase->set_concurrency(2);
    phase->set_grace_period_ns(-1);
  }

  // Run: WorkerRun, or another host with its Attach.
  template <typename Run>
  void BeginSession(Run* run) {
    session_ = std::make_unique<SessionLoop>(run, &end_);
    runner_ = loops_.Run(session_.get(), nullptr);
    run->Attach(&session_->session(), runner_.get());
  }
  void SendHello(int64_t lease_ns, const std::string& records_client_key) {
    v1::CoordinatorMessage message;
    v1::Hello* hello = message.mutable_hello();
    hello->set_protocol_version(kProtocolVersion);
    hello->set_run_id("0123456789abcdef");
    hello->set_lease_ns(lease_ns);
    hello->set_records_client_key(records_client_key);
    *hello->mutable_plan() = plan_;
    Tell(std::move(message));
  }
  // The newest: the worker has its lease from then on.
  void AnswerHeartbeat() {
    const auto* newest = Last([](const auto& m) { return m.has_heartbeat(); });
    ASSERT_NE(newest, nullptr);
    v1::CoordinatorMessage message;
    *message.mutable_heartbeat() = newest->heartbeat();
    Tell(std::move(message));
  }
  void Tell(v1::CoordinatorMessage message) {
    ASSERT_EQ(Last([](const auto& m) { return m.has_refused(); }), nullptr)
        << end_.sent.back().ShortDebugString();
    message.set_epoch(1);
    message.set_sequence(++sequence_);
    message.set_plan_hash(PlanHash(plan_));
    runner_->Post([this, message] { session_->OnMessage(message, clock_.MonotonicNs()); });
    loops_.RunUntilIdle();
  }
  void Prepare(uint64_t credits, bool last, uint32_t phase = 0) {
    v1::CoordinatorMessage message;
    message.mutable_prepare()->set_phase(phase);
    message.mutable_prepare()->set_slots(2);
    *message.mutable_prepare()->mutable_first_grant() = Range(0, credits, last);
    message.mutable_prepare()->mutable_first_grant()->set_phase(phase);
    Tell(std::move(message));
  }
  void Grant(uint64_t first, uint64_t credits, bool last) {
    v1::CoordinatorMessage message;
    *message.mutable_grant() = Range(first, credits, last);
    Tell(std::move(message));
  }
  void Start(uint32_t phase = 0) {
    v1::CoordinatorMessage message;
    message.mutable_start()->set_phase(phase);
    message.mutable_start()->set_start_ns(clock_.MonotonicNs());
    Tell(std::move(message));
  }

  // The newest message of a kind: Last([](const auto& m) { return m.has_ready(); }); null = none.
  template <typename Has>
  const v1::WorkerMessage* Last(Has has) const {
    const auto found = std::find_if(end_.sent.rbegin(), end_.sent.rend(), has);
    return found == end_.sent.rend() ? nullptr : &*found;
  }
  bool IsDone() const {
    return Last([](const auto& m) { return m.has_phase_done(); }) != nullptr;
  }
  // The end of the phase that ended last.
  v1::PhaseDone Done() const {
    const auto* found = Last([](const auto& m) { return m.has_phase_done(); });
    if (found != nullptr) return found->phase_done();
    ADD_FAILURE() << "the phase is not over: " << end_.sent.back().ShortDebugString();
    return {};
  }

  FakeClock clock_{10 * kNsPerSecond};
  ManualLoops loops_{&clock_};
  KeepingEnd end_;
  ChunkMap chunks_;
  v1::Plan plan_;
  uint64_t sequence_ = 0;
  std::unique_ptr<SessionLoop> session_;
  std::unique_ptr<LoopRunner> runner_;

 private:
  static std::string OneRow() {
    v1::DatasetRows rows;
    rows.add_isl(1);
    rows.add_osl(0);
    rows.add_texts("hello");
    return rows.SerializeAsString();
  }
  static v1::Grant Range(uint64_t first, uint64_t count, bool last) {
    v1::Grant grant;
    grant.set_first(first);
    grant.set_count(count);
    grant.set_stride(1);
    grant.set_last(last);
    return grant;
  }
};

}  // namespace drumfire::testutil
