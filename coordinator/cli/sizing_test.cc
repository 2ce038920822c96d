// Does the rule reproduce the worked examples of docs/sizing.md?
#include "coordinator/cli/sizing.h"

#include "gtest/gtest.h"

namespace drumfire {
namespace {

TEST(SizingTest, ASmallLoadNeedsOneWorker) {
  EXPECT_EQ(WorkersNeeded({}), 1U);
  EXPECT_EQ(WorkersNeeded({12, 64, 3'000, 64, 0.2}), 1U);
}

TEST(SizingTest, ManySmallRequestsNeedWorkersAsChunksDo) {
  EXPECT_EQ(WorkersNeeded({.requests_per_second = 100'000}), 2U);
  EXPECT_EQ(WorkersNeeded({.chunks_per_second = 120'000}), 2U);
}

TEST(SizingTest, AFirstWaveWithoutAKnownTtftIsNotSized) {
  EXPECT_EQ(WorkersNeeded({.first_wave = 100'000, .ttft_s = 0}), 1U);
}

TEST(SizingTest, GivesThePagesExamples) {
  EXPECT_EQ(WorkersNeeded({528, 5'000, 158'000, 5'000, 0.5}), 2U);
  EXPECT_EQ(WorkersNeeded({200, 6'200, 400'000, 0, 1}), 4U);
  EXPECT_EQ(WorkersNeeded({3'850, 100'000, 1'930'000, 100'000, 1}), 18U);
}

TEST(SizingTest, AShortTtftLeavesTheFirstWaveLittleTime) {
  EXPECT_EQ(WorkersNeeded({.first_wave = 10'000, .ttft_s = 0.1}), 9U);
}

TEST(SizingTest, PortsBoundWhatOneHostCanHold) {
  EXPECT_EQ(WorkersNeeded({1, 60'000, 0, 0, 10}), 3U);
}

}  // namespace
}  // namespace drumfire
