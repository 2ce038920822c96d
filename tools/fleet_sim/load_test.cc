// Do the fake workers' loads use each credit once, by the clock they are given?
#include <algorithm>
#include <map>

#include "gtest/gtest.h"
#include "tools/fleet_sim/counting_load.h"
#include "tools/fleet_sim/request_load.h"

namespace drumfire::fleet_sim {
namespace {

constexpr int64_t kStartNs = kNsPerSecond;

class OneEntry : public Dataset {
 public:
  uint64_t size() const override { return 1; }
  EntryInfo Info(uint64_t) const override {
    EntryInfo info;
    info.isl = 10;
    return info;
  }
  void AppendText(uint64_t, uint32_t, std::string*) const override {}
};

std::shared_ptr<const Workload> MakeWorkload(int64_t duration_ns) {
  auto workload = std::make_shared<Workload>();
  workload->plan.add_urls("http://127.0.0.1:9");
  workload->plan.add_models("m");
  v1::Phase* phase = workload->plan.add_phases();
  phase->set_mode(v1::LOAD_CLOSED_LOOP);
  phase->set_concurrency(2);
  phase->set_duration_ns(duration_ns);
  phase->set_grace_period_ns(-1);
  workload->dataset = std::make_unique<OneEntry>();
  return workload;
}

v1::Grant MakeGrant(uint64_t first, uint64_t count, bool last) {
  v1::Grant grant;
  grant.set_first(first);
  grant.set_count(count);
  grant.set_stride(1);
  grant.set_last(last);
  return grant;
}

v1::Prepare TwoSlots() {
  v1::Prepare prepare;
  prepare.set_slots(2);
  return prepare;
}

class LoadTest : public testing::Test {
 protected:
  LoadCallbacks Callbacks() {
    LoadCallbacks callbacks;
    callbacks.on_record = [this](std::unique_ptr<Exchange> exchange) {
      EXPECT_TRUE(records_.emplace(exchange->k, *exchange).second) << "k " << exchange->k;
    };
    callbacks.on_dropped_records = [this](uint64_t count) { dropped_records_ += count; };
    callbacks.on_hungry = [this](uint64_t, uint32_t) { ++hungry_; };
    callbacks.on_done = [this] { ++done_; };
    callbacks.on_lapse = [this] { ++lapsed_; };
    return callbacks;
  }

  std::unique_ptr<RequestLoad> MakeRequests(const FakeAnswer& answer, double speed_up,
                                            int64_t duration_ns = 0) {
    auto load = std::make_unique<RequestLoad>(MakeWorkload(duration_ns), TwoSlots(), answer,
                                              speed_up, clock_, Callbacks());
    load->ExtendLease(INT64_MAX);
    return load;
  }

  // Turns at the times the load asks for, until it has nothing more to do.
  void RunFor(Load* load, int64_t ns) {
    const int64_t until_ns = clock_.MonotonicNs() + ns;
    for (int turns = 0; turns < 100'000; ++turns) {
      const int64_t next_ns = load->Turn();
      if (next_ns > until_ns) break;
      clock_.Advance(std::max<int64_t>(next_ns - clock_.MonotonicNs(), 0));
    }
    clock_.Advance(until_ns - clock_.MonotonicNs());
    load->Turn();
  }

  FakeClock clock_{kStartNs};
  std::map<uint64_t, Exchange> records_;
  uint64_t dropped_records_ = 0;
  int hungry_ = 0;
  int done_ = 0;
  int lapsed_ = 0;
};

TEST_F(LoadTest, NothingIsSentWithoutALease) {
  auto load = MakeRequests({.service_ns = 10 * kNsPerMs}, 1);
  load->ExtendLease(kStartNs + 100 * kNsPerMs);
  load->Add(MakeGrant(0, 1000, true));
  load->Start(kStartNs);
  RunFor(load.get(), kNsPerSecond);
  EXPECT_EQ(lapsed_, 1);
  EXPECT_EQ(done_, 0);
  EXPECT_LE(load->totals().sent(), 22u);
}

TEST_F(LoadTest, CancelledRequestsHaveRecords) {
  auto load = MakeRequests({.service_ns = kNsPerSecond}, 1);
  load->Add(MakeGrant(0, 10, false));
  load->Start(kStartNs);
  load->Turn();
  load->Cancel();
  load->Turn();
  EXPECT_EQ(done_, 1);
  ASSERT_EQ(records_.size(), 2u);
  EXPECT_EQ(records_.at(0).outcome, v1::OUTCOME_CANCELLED);
  EXPECT_EQ(load->totals().unsent(), 8u);
}

TEST_F(LoadTest, EachCreditIsSentOnceWithinTheSlots) {
  auto load = MakeRequests({.service_ns = 10 * kNsPerMs, .chunks = 5}, 1);
  load->Add(MakeGrant(0, 60, false));
  load->Start(kStartNs);
  RunFor(load.get(), 200 * kNsPerMs);
  EXPECT_EQ(hungry_, 1);
  load->Add(MakeGrant(60, 40, true));
  RunFor(load.get(), 400 * kNsPerMs);
  EXPECT_EQ(done_, 1);
  EXPECT_EQ(records_.size(), 100u);
  EXPECT_EQ(records_.at(99).end_ns, kStartNs + 500 * kNsPerMs);
  EXPECT_EQ(records_.at(99).gaps_ns, std::vector<int64_t>(4, 2 * kNsPerMs));
}

TEST_F(LoadTest, RequestsThatTakeNoTimeAreAllAnswered) {
  auto load = MakeRequests({.service_ns = 0}, 1);
  load->Add(MakeGrant(0, 5000, true));
  load->Start(kStartNs);
  RunFor(load.get(), 1);
  EXPECT_EQ(records_.size(), 5000u);
  EXPECT_EQ(done_, 1);
}

TEST_F(LoadTest, AnHourOfRequestsIsOverInASixtiethOfIt) {
  constexpr int64_t kHourNs = 3600 * kNsPerSecond;
  auto load = MakeRequests({.service_ns = 10 * kNsPerSecond}, 60, kHourNs);
  load->Add(MakeGrant(0, 5000, false));
  load->Start(kStartNs);
  RunFor(load.get(), kHourNs / 60 + kNsPerSecond);
  EXPECT_EQ(done_, 1);
  EXPECT_EQ(records_.size(), 720u);
  EXPECT_EQ(records_.at(719).end_ns - kStartNs, kHourNs);
}

TEST_F(LoadTest, CountedCreditsCloseTheirAccount) {
  CountingLoad load(2, 0, clock_, Callbacks());
  load.Add(MakeGrant(0, 100, false));
  load.Start(kStartNs);
  load.Turn();
  EXPECT_EQ(hungry_, 1);
  load.Add(MakeGrant(100, 50, true));
  load.Turn();
  EXPECT_EQ(done_, 1);
  EXPECT_EQ(dropped_records_, 150u);
  EXPECT_EQ(load.totals().completed(), 150u);
  EXPECT_EQ(load.LowestUnsent(), kNoCredit);
}

TEST_F(LoadTest, CountedCreditsAfterTheDurationStayUnsent) {
  CountingLoad load(2, kNsPerSecond, clock_, Callbacks());
  load.Add(MakeGrant(0, 100, false));
  load.Start(kStartNs);
  load.Turn();
  clock_.Advance(kNsPerSecond);
  load.Add(MakeGrant(100, 50, false));
  load.Turn();
  EXPECT_EQ(done_, 1);
  EXPECT_EQ(load.totals().completed(), 100u);
  EXPECT_EQ(load.totals().unsent(), 50u);
  EXPECT_EQ(load.LowestUnsent(), 100u);
}

}  // namespace
}  // namespace drumfire::fleet_sim
