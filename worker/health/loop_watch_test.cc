// Are stalls told from long waits?
#include "worker/health/loop_watch.h"

#include <gtest/gtest.h>

namespace drumfire {
namespace {

TEST(LoopWatchTest, AStepOfJustTheBoundIsNoStall) {
  LoopWatch watch;
  watch.Step(100, 100 + kLoopStallNs);
  EXPECT_EQ(watch.stalls(), 0u);
  watch.Step(100, 101 + kLoopStallNs);
  EXPECT_EQ(watch.stalls(), 1u);
}

TEST(LoopWatchTest, KeepsTheLongestStep) {
  LoopWatch watch;
  for (const int64_t taken_ns : {5, 90, 7}) watch.Step(1000, 1000 + taken_ns);
  EXPECT_EQ(watch.longest_ns(), 90);
}

TEST(LoopWatchTest, AWaitThatEndedEarlyIsNoStep) {
  LoopWatch watch;
  watch.Step(1000, 400);
  EXPECT_EQ(watch.longest_ns(), 0);
  EXPECT_EQ(watch.stalls(), 0u);
}

TEST(LoopWatchTest, ClearForgetsTheLastPhase) {
  LoopWatch watch;
  watch.Step(0, 2 * kLoopStallNs);
  watch.Clear();
  EXPECT_EQ(watch.stalls(), 0u);
  EXPECT_EQ(watch.longest_ns(), 0);
}

}  // namespace
}  // namespace drumfire
