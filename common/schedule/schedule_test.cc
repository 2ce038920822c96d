// Is the schedule a pure function of (plan, seed), the same for any number of workers?
#include "common/schedule/schedule.h"

#include <cmath>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/clock/clock.h"
#include "common/dataset/entry_id.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

class Singles : public Dataset {
 public:
  explicit Singles(uint64_t size) : size_(size) {}
  uint64_t size() const override { return size_; }
  EntryInfo Info(uint64_t id) const override {
    return {.timestamp_ns = static_cast<int64_t>(id % size_ % 1'000'000) * 7 * kNsPerMs};
  }
  TurnInfo Turn(uint64_t id, uint32_t) const override {
    return {.isl = static_cast<uint32_t>(100 + id)};
  }
  void AppendText(uint64_t, uint32_t, uint32_t, std::string*) const override {}

 private:
  uint64_t size_;
};

v1::Plan RatePlan(uint64_t seed, v1::ArrivalPattern pattern, double rate) {
  v1::Plan plan;
  plan.set_seed(seed);
  plan.add_urls("http://a");
  plan.add_urls("http://b");
  plan.add_urls("http://c");
  plan.add_models("x");
  plan.add_models("y");
  plan.set_model_selection(v1::MODEL_RANDOM);
  v1::Phase* phase = plan.add_phases();
  phase->set_kind(v1::PHASE_PROFILING);
  phase->set_mode(v1::LOAD_RATE);
  phase->set_request_rate(rate);
  phase->set_arrival_pattern(pattern);
  phase->set_arrival_smoothness(2.5);
  phase->set_request_count(200);
  return plan;
}

// Conversations of 1, 2, 3, 1, 2, 3, ... turns.
class Conversations : public Singles {
 public:
  using Singles::Singles;
  EntryInfo Info(uint64_t id) const override {
    EntryInfo info = Singles::Info(id);
    info.turns = static_cast<uint32_t>(1 + id % 3);
    return info;
  }
  TurnInfo Turn(uint64_t id, uint32_t turn) const override {
    TurnInfo info = Singles::Turn(id, turn);
    info.isl += turn;
    info.delay_ns = 1000 + turn;
    return info;
  }
  bool has_conversations() const override { return true; }
};

std::string Line(const ScheduledSession& s) {
  return absl::StrCat(s.session, " ", s.intended_ns, " ", s.url, " ", s.model, " ", s.entry, " ",
                      s.turns);
}

// What `workers` workers send together, by k, when worker w holds k = w, w + workers, ...
std::map<uint64_t, std::string> Union(const v1::Plan& plan, const Dataset& dataset,
                                      uint64_t workers) {
  std::map<uint64_t, std::string> sent;
  for (uint64_t w = 0; w < workers; ++w) {
    ScheduleCursor cursor(plan, 0, &dataset);
    for (uint64_t k = w; k < plan.phases(0).request_count(); k += workers) {
      sent[k] = Line(cursor.At(k));
    }
  }
  return sent;
}

TEST(Schedule, AnyFleetSendsWhatOneWorkerSends) {
  const Singles dataset(17);
  for (uint64_t seed = 0; seed < 40; ++seed) {
    for (auto pattern : {v1::ARRIVAL_CONSTANT, v1::ARRIVAL_POISSON, v1::ARRIVAL_GAMMA}) {
      const v1::Plan plan = RatePlan(seed, pattern, 1 + 100.0 * static_cast<double>(seed));
      const auto alone = Union(plan, dataset, 1);
      for (uint64_t workers : {2, 3, 7, 64, 201}) {
        ASSERT_EQ(Union(plan, dataset, workers), alone)
            << "seed " << seed << " workers " << workers;
      }
    }
  }
}

TEST(Schedule, OtherSeedOtherTimes) {
  const Singles dataset(5);
  EXPECT_NE(Union(RatePlan(1, v1::ARRIVAL_POISSON, 10), dataset, 1),
            Union(RatePlan(2, v1::ARRIVAL_POISSON, 10), dataset, 1));
}

TEST(Schedule, ConstantRateHasNoDrift) {
  const Singles dataset(5);
  const v1::Plan plan = RatePlan(1, v1::ARRIVAL_CONSTANT, 3);
  ScheduleCursor cursor(plan, 0, &dataset);
  const uint64_t after_an_hour = 3 * 3600;
  EXPECT_EQ(cursor.At(after_an_hour).intended_ns, 3600 * kNsPerSecond);
}

TEST(Schedule, RandomArrivalsKeepTheMeanRate) {
  const Singles dataset(5);
  for (auto pattern : {v1::ARRIVAL_POISSON, v1::ARRIVAL_GAMMA}) {
    const v1::Plan plan = RatePlan(7, pattern, 100);
    ScheduleCursor cursor(plan, 0, &dataset);
    const double seconds = static_cast<double>(cursor.At(100'000).intended_ns) / kNsPerSecond;
    EXPECT_NEAR(seconds, 1000, 15);
  }
}

TEST(Schedule, ChangingArrivalsLeavesModelsAlone) {
  const Singles dataset(5);
  const v1::Plan constant_plan = RatePlan(3, v1::ARRIVAL_CONSTANT, 10);
  const v1::Plan poisson_plan = RatePlan(3, v1::ARRIVAL_POISSON, 99);
  ScheduleCursor constant(constant_plan, 0, &dataset), poisson(poisson_plan, 0, &dataset);
  for (uint64_t k = 0; k < 100; ++k) EXPECT_EQ(constant.At(k).model, poisson.At(k).model);
}

TEST(Schedule, ModelsTakeTurnsOrAreDrawn) {
  const Singles dataset(5);
  v1::Plan plan = RatePlan(3, v1::ARRIVAL_CONSTANT, 10);
  ScheduleCursor drawn(plan, 0, &dataset);
  std::string models;
  for (uint64_t k = 0; k < 40; ++k) models += std::to_string(drawn.At(k).model);
  EXPECT_NE(models.find("00"), std::string::npos) << models;
  EXPECT_NE(models.find("11"), std::string::npos) << models;
  plan.set_model_selection(v1::MODEL_ROUND_ROBIN);
  ScheduleCursor in_turn(plan, 0, &dataset);
  for (uint64_t k = 0; k < 40; ++k) EXPECT_EQ(in_turn.At(k).model, k % 2);
}

TEST(Schedule, ARowsModelIsTakenIfThePlanHasIt) {
  class WithModels : public Singles {
   public:
    using Singles::Singles;
    EntryInfo Info(uint64_t id) const override { return {.model = id == 0 ? "y" : "unknown"}; }
  };
  const WithModels dataset(2);
  v1::Plan plan = RatePlan(3, v1::ARRIVAL_CONSTANT, 10);
  plan.set_model_selection(v1::MODEL_ROUND_ROBIN);
  plan.add_models("z");
  ScheduleCursor cursor(plan, 0, &dataset);
  for (uint64_t k = 0; k < 12; ++k) EXPECT_EQ(cursor.At(k).model, k % 2 == 0 ? 1 : k % 3) << k;
}

TEST(Schedule, AWarmupLeavesTheMeasuredPhaseAlone) {
  const Singles dataset(5);
  const v1::Plan plan = RatePlan(3, v1::ARRIVAL_POISSON, 10);
  v1::Plan warmed = plan;
  *warmed.add_phases() = plan.phases(0);
  warmed.mutable_phases(0)->set_kind(v1::PHASE_WARMUP);
  ScheduleCursor alone(plan, 0, &dataset), after(warmed, 1, &dataset), warmup(warmed, 0, &dataset);
  for (uint64_t k = 0; k < 100; ++k) {
    const ScheduledSession session = alone.At(k);
    EXPECT_EQ(Line(after.At(k)), Line(session));
    const int64_t warmup_ns = warmup.At(k).intended_ns;
    if (k > 0) {
      EXPECT_NE(warmup_ns, session.intended_ns);
    }
  }
}

TEST(Schedule, ABatchHasTheTokensOfAllItsTexts) {
  const Singles dataset(5);
  v1::Plan plan = RatePlan(3, v1::ARRIVAL_CONSTANT, 10);
  plan.mutable_endpoint()->set_batch_size(3);
  ScheduleCursor cursor(plan, 0, &dataset);
  EXPECT_EQ(cursor.TurnOf(cursor.At(2).entry, 0).isl, 306u);
}

TEST(Schedule, TraceTimesAreTheRows) {
  const Singles dataset(10);
  v1::Plan plan = RatePlan(3, v1::ARRIVAL_CONSTANT, 10);
  plan.mutable_phases(0)->set_mode(v1::LOAD_FIXED_SCHEDULE);
  ScheduleCursor cursor(plan, 0, &dataset);
  EXPECT_EQ(cursor.At(0).intended_ns, 0);
  EXPECT_EQ(cursor.At(9).intended_ns, 63 * kNsPerMs);
  EXPECT_EQ(TotalsOf(plan, 0, &dataset).sessions, 10u);
}

TEST(Schedule, TheShortestDurationHasTheSessionAtItsStart) {
  const Singles dataset(5);
  v1::Plan plan = RatePlan(1, v1::ARRIVAL_CONSTANT, 10);
  plan.mutable_phases(0)->clear_request_count();
  plan.mutable_phases(0)->set_duration_ns(1);
  EXPECT_EQ(TotalsOf(plan, 0, &dataset).sessions, 1u);
}

TEST(Schedule, DurationEndsAnOpenLoop) {
  const Singles dataset(10);
  v1::Plan plan = RatePlan(3, v1::ARRIVAL_CONSTANT, 10);
  plan.mutable_phases(0)->clear_request_count();
  plan.mutable_phases(0)->set_duration_ns(kNsPerSecond);
  EXPECT_EQ(TotalsOf(plan, 0, &dataset).sessions, 10u);
  plan.mutable_phases(0)->set_request_count(4);
  EXPECT_EQ(TotalsOf(plan, 0, &dataset).sessions, 4u);
}

TEST(Schedule, WarmupTakesFreshEntries) {
  const Singles dataset(10);
  v1::Plan plan = RatePlan(3, v1::ARRIVAL_CONSTANT, 10);
  *plan.add_phases() = plan.phases(0);
  *plan.add_phases() = plan.phases(0);
  plan.mutable_phases(0)->set_kind(v1::PHASE_WARMUP);
  plan.mutable_phases(1)->set_kind(v1::PHASE_WARMUP);
  std::set<uint64_t> entries;
  for (uint32_t phase = 0; phase < 3; ++phase) {
    ScheduleCursor cursor(plan, phase, &dataset);
    for (uint64_t k = 0; k < 20; ++k) entries.insert(cursor.At(k).entry);
  }
  EXPECT_EQ(entries.size(), 30u);
}

TEST(Schedule, UnboundedEntriesNeverRepeat) {
  const Singles dataset(kUnboundedEntries);
  v1::Plan plan = RatePlan(3, v1::ARRIVAL_CONSTANT, 1e6);
  *plan.add_phases() = plan.phases(0);
  plan.mutable_phases(0)->set_kind(v1::PHASE_WARMUP);
  ScheduleCursor warmup(plan, 0, &dataset), measured(plan, 1, &dataset);
  for (const uint64_t k : {uint64_t{0}, uint64_t{1}, uint64_t{10'000'000}, kPhaseEntries - 1}) {
    EXPECT_EQ(measured.At(k).entry, k);
    EXPECT_EQ(warmup.At(k).entry, WarmupEntry(0, k));
  }
}

TEST(Schedule, EntriesRepeatOnlyWhereAPhaseMaySendMoreThanThereAre) {
  v1::Plan plan = RatePlan(3, v1::ARRIVAL_CONSTANT, 10);
  v1::Phase* phase = plan.mutable_phases(0);
  EXPECT_TRUE(MayRepeatEntries(*phase, 199));
  EXPECT_FALSE(MayRepeatEntries(*phase, 200));
  phase->clear_request_count();
  EXPECT_TRUE(MayRepeatEntries(*phase, 200));
  EXPECT_FALSE(MayRepeatEntries(*phase, kUnboundedEntries));
  phase->set_mode(v1::LOAD_FIXED_SCHEDULE);
  EXPECT_FALSE(MayRepeatEntries(*phase, 200));
}

TEST(Schedule, ClosedLoopHasNoTimes) {
  const Singles dataset(10);
  v1::Plan plan = RatePlan(3, v1::ARRIVAL_CONSTANT, 10);
  plan.mutable_phases(0)->set_mode(v1::LOAD_CLOSED_LOOP);
  ScheduleCursor cursor(plan, 0, &dataset);
  EXPECT_EQ(cursor.At(3).intended_ns, -1);
}

TEST(Schedule, SlotSharesAddUp) {
  for (uint32_t total : {0u, 1u, 7u, 64u, 1000u}) {
    for (uint32_t workers : {1u, 3u, 64u}) {
      uint32_t sum = 0;
      for (uint32_t w = 0; w < workers; ++w) sum += SlotShare(total, w, workers);
      EXPECT_EQ(sum, total);
    }
  }
}

TEST(ScheduledConversations, AnyFleetRunsTheSessionsThatOneWorkerRuns) {
  const Conversations dataset(17);
  const v1::Plan plan = RatePlan(4, v1::ARRIVAL_POISSON, 50);
  const auto alone = Union(plan, dataset, 1);
  for (uint64_t workers : {2, 3, 64}) ASSERT_EQ(Union(plan, dataset, workers), alone);
}

TEST(ScheduledConversations, ATurnsInputHoldsThoseBefore) {
  const Conversations dataset(9);
  v1::Plan plan = RatePlan(4, v1::ARRIVAL_POISSON, 50);
  ScheduleCursor cursor(plan, 0, &dataset);
  const ScheduledSession session = cursor.At(2);
  ASSERT_EQ(session.turns, 3u);
  EXPECT_EQ(cursor.TurnOf(session.entry, 0).isl, 102u);
  EXPECT_EQ(cursor.TurnOf(session.entry, 0).delay_ns, 0) << "nothing is before it";
  EXPECT_EQ(cursor.TurnOf(session.entry, 2).isl, 102u + 103 + 104);
  EXPECT_EQ(cursor.TurnOf(session.entry, 2).delay_ns, 1002);
}

TEST(ScheduledConversations, TheRequestCountCutsTheLastSession) {
  const Conversations dataset(9);
  v1::Plan plan = RatePlan(4, v1::ARRIVAL_POISSON, 50);
  for (const auto& [requests, sessions, last] :
       std::vector<std::tuple<uint64_t, uint64_t, uint32_t>>{
           {1, 1, 1}, {2, 2, 1}, {3, 2, 2}, {4, 3, 1}, {5, 3, 2}, {6, 3, 3}, {200, 101, 1}}) {
    plan.mutable_phases(0)->set_request_count(requests);
    const PhaseTotals totals = TotalsOf(plan, 0, &dataset);
    EXPECT_EQ(totals.sessions, sessions) << requests;
    EXPECT_EQ(totals.requests, requests);
    ScheduleCursor cursor(plan, 0, &dataset);
    EXPECT_EQ(cursor.At(sessions - 1).turns, last) << requests;
    EXPECT_EQ(cursor.At(sessions).turns, 0u) << "nothing is left";
  }
}

// A credit that no honest coordinator grants costs no more than the schedule.
TEST(ScheduledConversations, FarBehindTheScheduleNothingIsLeft) {
  const Conversations dataset(9);
  v1::Plan plan = RatePlan(4, v1::ARRIVAL_POISSON, 50);
  plan.mutable_phases(0)->set_mode(v1::LOAD_CLOSED_LOOP);
  EXPECT_EQ(ScheduleCursor(plan, 0, &dataset).At(uint64_t{1} << 60).turns, 0u);
}

TEST(ScheduledConversations, ASessionCountGivesTheRequests) {
  const Conversations dataset(9);
  v1::Plan plan = RatePlan(4, v1::ARRIVAL_POISSON, 50);
  plan.mutable_phases(0)->clear_request_count();
  plan.mutable_phases(0)->set_session_count(5);
  EXPECT_EQ(TotalsOf(plan, 0, &dataset).sessions, 5u);
  EXPECT_EQ(TotalsOf(plan, 0, &dataset).requests, 1u + 2 + 3 + 1 + 2);
  plan.mutable_phases(0)->set_request_count(4);
  EXPECT_EQ(TotalsOf(plan, 0, &dataset).sessions, 3u) << "the smaller limit holds";
}

// A year at the highest rate would take hours to count.
TEST(ScheduledConversations, ACountThatNobodyWantsAnyMoreEnds) {
  const Conversations dataset(9);
  v1::Plan plan = RatePlan(4, v1::ARRIVAL_POISSON, 1e6);
  plan.mutable_phases(0)->clear_request_count();
  plan.mutable_phases(0)->set_duration_ns(int64_t{366} * 24 * 3600 * kNsPerSecond);
  int asked = 0;
  const PhaseTotals totals = TotalsOf(plan, 0, &dataset, [&asked] { return ++asked == 3; });
  EXPECT_LT(totals.sessions, 1'000'000u);
}

TEST(ScheduledConversations, OnlyItsDurationBoundsAClosedLoopWithoutCounts) {
  const Conversations dataset(9);
  v1::Plan plan = RatePlan(4, v1::ARRIVAL_POISSON, 50);
  plan.mutable_phases(0)->clear_request_count();
  plan.mutable_phases(0)->set_mode(v1::LOAD_CLOSED_LOOP);
  plan.mutable_phases(0)->set_duration_ns(1);
  EXPECT_EQ(TotalsOf(plan, 0, &dataset).sessions, kUnboundedCredits);
  EXPECT_EQ(TotalsOf(plan, 0, &dataset).requests, kUnboundedCredits);
}

TEST(ScheduledConversationsDeathTest, SessionsAreAskedForInRisingOrder) {
  const Conversations dataset(9);
  const v1::Plan plan = RatePlan(4, v1::ARRIVAL_CONSTANT, 50);
  ScheduleCursor cursor(plan, 0, &dataset);
  cursor.At(5);
  EXPECT_DEATH(cursor.At(4), "rising order");
}

}  // namespace
}  // namespace drumfire
