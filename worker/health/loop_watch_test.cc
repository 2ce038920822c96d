// Are stalls told from long waits?
#include "worker/health/loop_watch.h"

#include <gtest/gtest.h>

namespace drumfire {
namespace {

TEST(LoopWatchTest, ATurnOfJustTheBoundIsNoStall) {
  LoopWatch watch;
  watch.Turn(100, 100 + kLoopStallNs);
  EXPECT_EQ(watch.stalls(), 0u);
  watch.Turn(100, 101 + kLoopStallNs);
  EXPECT_EQ(watch.stalls(), 1u);
}

TEST(LoopWatchTest, KeepsTheLongestTurn) {
  LoopWatch watch;
  for (const int64_t taken_ns : {5, 90, 7}) watch.Turn(1000, 1000 + taken_ns);
  EXPECT_EQ(watch.longest_ns(), 90);
}

TEST(LoopWatchTest, AWaitThatEndedEarlyIsNoTurn) {
  LoopWatch watch;
  watch.Turn(1000, 400);
  EXPECT_EQ(watch.longest_ns(), 0);
  EXPECT_EQ(watch.stalls(), 0u);
}

TEST(LoopWatchTest, ClearForgetsTheLastPhase) {
  LoopWatch watch;
  watch.Turn(0, 2 * kLoopStallNs);
  watch.Clear();
  EXPECT_EQ(watch.stalls(), 0u);
  EXPECT_EQ(watch.longest_ns(), 0);
}

}  // namespace
}  // namespace drumfire
