// Does the progress line say what the run does, also at its edges?
#include "coordinator/ui/progress.h"

#include <gtest/gtest.h>

#include "common/clock/clock.h"

namespace drumfire {
namespace {

ProgressSnapshot Rate() {
  ProgressSnapshot snapshot;
  snapshot.phase = "profiling";
  snapshot.elapsed_ns = 6 * kNsPerSecond;
  snapshot.finished = 120;
  snapshot.total = 1000;
  snapshot.schedule_end_ns = 50 * kNsPerSecond;
  snapshot.rate_asked = 20;
  snapshot.rate_reached = 19.84;
  snapshot.in_flight = 7;
  snapshot.concurrency = 32;
  return snapshot;
}

TEST(ProgressTextTest, SaysPhaseShareRatesSlotsErrorsAndTimeLeft) {
  EXPECT_EQ(ProgressText(Rate(), 0),
            "profiling 120/1000 (12 %)  19.8/s of 20.0/s  in flight 7 of 32  0 errors  44 s left");
}

TEST(ProgressTextTest, LeavesOutWhatIsUnknown) {
  ProgressSnapshot snapshot;
  snapshot.phase = "warmup";
  snapshot.errors = 1;
  EXPECT_EQ(ProgressText(snapshot, 0), "warmup 0 done  0.0/s  in flight 0  1 error");
}

ProgressSnapshot WithFigures() {
  ProgressSnapshot snapshot = Rate();
  snapshot.latency_p50_ns = 40.1e6;
  snapshot.latency_p99_ns = 50.9e6;
  snapshot.tokens_per_second = 3614;
  return snapshot;
}

TEST(ProgressTextTest, ShowsFirstTokensAndTokensPerSecond) {
  EXPECT_EQ(ProgressText(WithFigures(), 0),
            "profiling 120/1000 (12 %)  19.8/s of 20.0/s  in flight 7 of 32  TTFT p50 40.1 ms, p99 "
            "50.9 ms  3,614 tokens/s  0 errors  44 s left");
}

TEST(ProgressTextTest, FitsAnUsualTerminal) {
  EXPECT_EQ(ProgressText(WithFigures(), 79),
            "profiling 12 %  19.8/s  7 in flight  TTFT 40.1/50.9 ms  3,614 tok/s  44 s left");
}

TEST(ProgressTextTest, LeavesOutTheLeastImportantFirst) {
  ProgressSnapshot snapshot = WithFigures();
  snapshot.errors = 12;
  EXPECT_EQ(ProgressText(snapshot, 79),
            "profiling 12 %  19.8/s  TTFT 40.1/50.9 ms  3,614 tok/s  12 errors  44 s left");
  EXPECT_EQ(ProgressText(snapshot, 40), "profiling 12 %  12 errors  44 s left");
}

TEST(ProgressTextTest, NeverExceedsItsColumns) {
  ProgressSnapshot snapshot = WithFigures();
  snapshot.total = 123'456'789;
  snapshot.rate_reached = 123'456.7;
  snapshot.in_flight = 100'000;
  snapshot.latency_p99_ns = 3'600e9;
  snapshot.errors = 1'000'000;
  snapshot.draining = true;
  EXPECT_LE(ProgressText(snapshot, 79).size(), 79U);
}

TEST(ProgressTextTest, CountsDownToTheStart) {
  ProgressSnapshot snapshot = Rate();
  snapshot.elapsed_ns = -1500 * kNsPerMs;
  EXPECT_NE(ProgressText(snapshot, 0).find("starts in 2 s"), std::string::npos);
}

TEST(ProgressTextTest, SaysThatItDrains) {
  ProgressSnapshot snapshot = Rate();
  snapshot.draining = true;
  EXPECT_NE(ProgressText(snapshot, 0).find("waiting for the last answers"), std::string::npos);
}

TEST(ProgressTextTest, WritesLongTimesInMinutesAndHours) {
  ProgressSnapshot snapshot = Rate();
  snapshot.schedule_end_ns = 191 * kNsPerSecond;
  EXPECT_NE(ProgressText(snapshot, 0).find("3 min 05 s left"), std::string::npos);
  snapshot.schedule_end_ns = (7626 + 6) * kNsPerSecond;
  EXPECT_NE(ProgressText(snapshot, 0).find("2 h 07 min left"), std::string::npos);
}

TEST(RemainingTest, IsUnknownBeforeTheFirstRequestIsDone) {
  ProgressSnapshot snapshot = Rate();
  snapshot.schedule_end_ns = 0;
  snapshot.finished = 0;
  EXPECT_EQ(RemainingNs(snapshot), -1);
}

TEST(RemainingTest, GoesByThePaceOfAClosedLoop) {
  ProgressSnapshot snapshot = Rate();
  snapshot.schedule_end_ns = 0;
  EXPECT_EQ(RemainingNs(snapshot), 44 * kNsPerSecond);
  snapshot.finished = 1001;
  EXPECT_EQ(RemainingNs(snapshot), 0);
}

TEST(RemainingTest, TakesTheStopThatComesFirst) {
  ProgressSnapshot snapshot = Rate();
  snapshot.duration_ns = 10 * kNsPerSecond;
  EXPECT_EQ(RemainingNs(snapshot), 4 * kNsPerSecond);
  snapshot.elapsed_ns = 11 * kNsPerSecond;
  EXPECT_EQ(RemainingNs(snapshot), 0);
}

}  // namespace
}  // namespace drumfire
