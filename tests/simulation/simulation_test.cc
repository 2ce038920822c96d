// Does a whole fleet keep its promises under every fault, and would the checker see it if not?
#include "tests/simulation/simulation.h"

#include <set>
#include <string>

#include "glog/logging.h"
#include "gtest/gtest.h"
#include "tests/simulation/mutation.h"

namespace drumfire::simulation {
namespace {

constexpr uint64_t kSeedsApart = 250;
// Under a sanitizer a seed takes long, and the other builds take the rest.
#ifdef __SANITIZE_ADDRESS__
constexpr uint64_t kSeedsEach = 60;
#else
constexpr uint64_t kSeedsEach = kSeedsApart;
#endif
constexpr uint64_t kSeedsForAMutation = 300;

class QuietTest : public ::testing::Test {
 protected:
  void SetUp() override { FLAGS_minloglevel = google::GLOG_FATAL; }
};

class SimulatedFleet : public QuietTest, public ::testing::WithParamInterface<uint64_t> {};

TEST_P(SimulatedFleet, KeepsEveryInvariant) {
  for (uint64_t seed = GetParam(); seed < GetParam() + kSeedsEach; ++seed) {
    const Outcome outcome = Simulate(seed);
    ASSERT_TRUE(outcome.ok()) << "seed " << seed << ": " << outcome.invariant << ": "
                              << outcome.text << "\nsimulation --trace --from " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(From, SimulatedFleet,
                         ::testing::Range(uint64_t{1}, uint64_t{2001}, kSeedsApart),
                         [](const auto& info) { return std::to_string(info.param); });

using Simulation = QuietTest;

TEST_F(Simulation, TheSameSeedIsTheSameRun) {
  for (uint64_t seed = 1; seed <= 30; ++seed) {
    const Outcome first = Simulate(seed);
    const Outcome second = Simulate(seed);
    EXPECT_EQ(first.trace_hash, second.trace_hash) << "seed " << seed;
    EXPECT_EQ(first.steps, second.steps) << "seed " << seed;
  }
}

TEST_F(Simulation, OtherSeedsAreOtherRuns) {
  EXPECT_NE(Simulate(1).trace_hash, Simulate(2).trace_hash);
}

// Faults that nothing feels would prove nothing.
TEST_F(Simulation, WorkersAreLostTheirShareIsTakenOverAndTheyComeBack) {
  uint64_t lost = 0, taken_over = 0, returned = 0, joined = 0;
  for (uint64_t seed = 1; seed <= 500; ++seed) {
    const Outcome outcome = Simulate(seed);
    lost += outcome.lost_workers;
    taken_over += outcome.taken_over;
    returned += outcome.returned_workers;
    joined += outcome.joined_workers;
  }
  EXPECT_GT(lost, 10u);
  EXPECT_GT(taken_over, 0u);
  EXPECT_GT(returned, 0u);
  EXPECT_GT(joined, 0u);
}

// In optimised builds there are none.
TEST_F(Simulation, BuggifyPointsFire) {
  std::set<std::string> happened;
  for (uint64_t seed = 1; seed <= 150; ++seed) {
    const Outcome outcome = Simulate(seed);
    happened.insert(outcome.buggify_points.begin(), outcome.buggify_points.end());
  }
#ifdef __OPTIMIZE__
  EXPECT_TRUE(happened.empty());
#else
  EXPECT_GE(happened.size(), 7u);
#endif
}

class MutationTest : public QuietTest, public ::testing::WithParamInterface<MutationRow> {};

TEST_P(MutationTest, IsCaught) {
  const MutationRow& row = GetParam();
  std::string others;
  for (uint64_t seed = 1; seed <= kSeedsForAMutation; ++seed) {
    const Outcome outcome = Simulate(seed, row.mutation);
    if (outcome.invariant == row.invariant) return;
    if (!outcome.ok()) others += " " + outcome.invariant;
  }
  FAIL() << row.what << ": " << row.invariant << " did not see it in " << kSeedsForAMutation
         << " seeds; others did:" << others;
}

INSTANTIATE_TEST_SUITE_P(List, MutationTest, ::testing::ValuesIn(Mutations()),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace drumfire::simulation
