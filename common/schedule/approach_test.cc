// Does a cursor that approaches a far session step by step come to the same one?
#include "common/schedule/schedule.h"
#include "gtest/gtest.h"

namespace drumfire {
namespace {

// Conversations of 1, 2, 3, 1, 2, 3, ... turns.
class Threes : public Dataset {
 public:
  uint64_t size() const override { return 9; }
  EntryInfo Info(uint64_t id) const override {
    return {.turns = static_cast<uint32_t>(1 + id % 3)};
  }
  TurnInfo Turn(uint64_t, uint32_t) const override { return {.isl = 1}; }
  bool has_conversations() const override { return true; }
  void AppendText(uint64_t, uint32_t, uint32_t, std::string*) const override {}
};

TEST(ScheduleCursorApproach, LeadsToTheSameSession) {
  constexpr uint64_t kFar = 3 * ScheduleCursor::kShortWay + 5;
  const Threes dataset;
  v1::Plan plan;
  plan.add_urls("http://a");
  plan.add_models("x");
  v1::Phase* phase = plan.add_phases();
  phase->set_mode(v1::LOAD_RATE);
  phase->set_arrival_pattern(v1::ARRIVAL_POISSON);
  phase->set_request_rate(1000);
  phase->set_request_count(2 * kFar + 3);
  ScheduleCursor at_once(plan, 0, &dataset);
  ScheduleCursor stepwise(plan, 0, &dataset);
  int steps = 0;
  while (!stepwise.Approach(kFar)) ++steps;
  EXPECT_EQ(steps, 3);
  EXPECT_TRUE(stepwise.Approach(kFar)) << "it stays there";
  const ScheduledSession expected = at_once.At(kFar);
  const ScheduledSession found = stepwise.At(kFar);
  EXPECT_EQ(found.intended_ns, expected.intended_ns);
  EXPECT_GT(found.turns, 0u);
  EXPECT_EQ(found.turns, expected.turns);
  EXPECT_EQ(stepwise.At(kFar + 1).intended_ns, at_once.At(kFar + 1).intended_ns);
}

}  // namespace
}  // namespace drumfire
