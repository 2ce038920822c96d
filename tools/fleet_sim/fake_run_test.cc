// Do fake workers use each credit once, by the clock that they are given?
#include "tools/fleet_sim/fake_run.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "common/control/limits.h"
#include "tools/fleet_sim/counting_run.h"
#include "worker/session/testing.h"

namespace drumfire::fleet_sim {
namespace {

using ::drumfire::testutil::RunFixture;

class FakeRunTest : public RunFixture {
 protected:
  FakeRunTest() {
    plan_.mutable_phases(0)->set_mode(v1::LOAD_CLOSED_LOOP);
    for (const auto& [name, bytes] : chunks_) {
      EXPECT_TRUE(workloads_.chunks().Add(name, bytes).ok());
    }
    thread_ = *SharedThread::Create(SystemClock());
    links_ = std::make_unique<RecordLinks>("127.0.0.1", thread_.get());
  }

  template <typename Run = FakeRun>
  void Open(const FakeAnswer& answer, double speed_up) {
    resources_ = std::make_unique<FleetResources>(
        FakeResourceOptions{answer, speed_up, &clock_, &loops_, &workloads_, links_.get()});
    ControlEnd* const end = &end_;
    auto run = std::make_unique<Run>(resources_.get(), end, [](const std::string&, uint64_t) {});
    BeginSession(run.get());
    host_ = std::move(run);
    SendHello(kMaxLeaseNs, MakeLinkKeys()->public_key);
    if (Last([](const auto& m) { return m.has_ready(); }) != nullptr) AnswerHeartbeat();
  }

  uint64_t Demands() const {
    return static_cast<uint64_t>(std::count_if(end_.sent.begin(), end_.sent.end(),
                                               [](const auto& m) { return m.has_demand(); }));
  }

  Workloads workloads_;
  std::unique_ptr<SharedThread> thread_;
  std::unique_ptr<RecordLinks> links_;
  std::unique_ptr<FleetResources> resources_;
  std::unique_ptr<SessionHost> host_;
};

TEST_F(FakeRunTest, OpenLoopsGoByTheCoordinatorsClock) {
  plan_.mutable_phases(0)->set_mode(v1::LOAD_RATE);
  plan_.mutable_phases(0)->set_request_rate(10);
  plan_.mutable_phases(0)->set_request_count(10);
  Open({}, /*speed_up=*/2);
  EXPECT_TRUE(end_.sent.back().has_refused());
}

TEST_F(FakeRunTest, EachCreditIsSentOnceWithinTheSlots) {
  plan_.mutable_phases(0)->set_request_count(100);
  Open({.service_ns = 10 * kNsPerMs, .chunks = 5}, 1);
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
  Open({.service_ns = 0}, 1);
  Prepare(5000, true);
  Start();
  loops_.RunFor(kNsPerSecond);
  EXPECT_EQ(Done().totals().completed(), 5000u);
}

TEST_F(FakeRunTest, AnHourOfRequestsIsOverInASixtiethOfIt) {
  constexpr int64_t kHourNs = 3600 * kNsPerSecond;
  plan_.mutable_phases(0)->set_duration_ns(kHourNs);
  Open({.service_ns = 10 * kNsPerSecond}, 60);
  Prepare(5000, false);
  Start();
  loops_.RunFor(kHourNs / 60 + kNsPerSecond);
  EXPECT_EQ(Done().totals().completed(), 720u);
}

TEST_F(FakeRunTest, CountedCreditsCloseTheirAccount) {
  plan_.mutable_phases(0)->set_request_count(150);
  Open<CountingRun>({}, 1);
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
  Open<CountingRun>({}, 1);
  Prepare(100, false);
  Start();
  clock_.Advance(kNsPerSecond);
  Grant(100, 50, false);
  EXPECT_EQ(Done().totals().completed(), 100u);
  EXPECT_EQ(Done().totals().unsent(), 50u);
}

}  // namespace
}  // namespace drumfire::fleet_sim
