// Is progress shown as often as it should be, and in the form its stream can bear?
#include "coordinator/ui/progress_line.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace drumfire {
namespace {

ProgressSnapshot Snapshot(const char* phase, uint64_t finished) {
  ProgressSnapshot snapshot;
  snapshot.phase = phase;
  snapshot.finished = finished;
  return snapshot;
}

class ProgressLineTest : public ::testing::Test {
 protected:
  ProgressLine Make(ProgressStyle style, size_t width = 0) {
    return ProgressLine({style, kNsPerSecond, width}, &clock_, [this](absl::string_view text) {
      if (takes_) written_.append(text.data(), text.size());
      return takes_;
    });
  }
  std::string Taken() { return std::exchange(written_, ""); }

  FakeClock clock_;
  std::string written_;
  bool takes_ = true;
};

constexpr char kNothing[] = "p 0 done  0.0/s  in flight 0  0 errors";

TEST_F(ProgressLineTest, SaysNothingWithoutStyle) {
  ProgressLine line = Make(ProgressStyle::kNone);
  line.Update(Snapshot("p", 0));
  line.EndPhase(Snapshot("p", 1));
  EXPECT_EQ(Taken(), "");
}

TEST_F(ProgressLineTest, WritesPlainLinesOnlyEveryInterval) {
  ProgressLine line = Make(ProgressStyle::kPlain);
  line.Update(Snapshot("p", 0));
  EXPECT_EQ(Taken(), std::string(kNothing) + "\n");
  clock_.Advance(kNsPerSecond - 1);
  line.Update(Snapshot("p", 1));
  EXPECT_EQ(Taken(), "");
  clock_.Advance(1);
  line.Update(Snapshot("p", 2));
  EXPECT_EQ(Taken(), "p 2 done  0.0/s  in flight 0  0 errors\n");
}

TEST_F(ProgressLineTest, CountsMessagesThatAReaderThatStoodStillDidNotTake) {
  ProgressLine line = Make(ProgressStyle::kPlain);
  takes_ = false;
  line.Print("one");
  line.Update(Snapshot("p", 0));
  line.Print("two");
  takes_ = true;
  line.Print("three");
  line.Print("four");
  EXPECT_EQ(Taken(), "2 messages could not be shown\nthree\nfour\n");
}

TEST_F(ProgressLineTest, ShowsANewPhaseAtOnceAndTheEndAlways) {
  ProgressLine line = Make(ProgressStyle::kPlain);
  line.Update(Snapshot("w", 0));
  line.EndPhase(Snapshot("w", 3));
  line.Update(Snapshot("p", 0));
  EXPECT_EQ(Taken(),
            "w 0 done  0.0/s  in flight 0  0 errors\n"
            "w 3 done  0.0/s  in flight 0  0 errors\n" +
                std::string(kNothing) + "\n");
}

TEST_F(ProgressLineTest, RedrawsInPlaceAndEndsTheLineOnce) {
  ProgressLine line = Make(ProgressStyle::kRedrawn);
  line.Update(Snapshot("p", 0));
  EXPECT_EQ(Taken(), std::string("\r\x1b[K") + kNothing);
  line.EndPhase(Snapshot("p", 1));
  EXPECT_EQ(Taken(), "\r\x1b[Kp 1 done  0.0/s  in flight 0  0 errors\n");
}

TEST_F(ProgressLineTest, PrintsMessagesAboveTheLine) {
  ProgressLine line = Make(ProgressStyle::kRedrawn);
  line.Print("first");
  EXPECT_EQ(Taken(), "first\n");
  line.Update(Snapshot("p", 0));
  Taken();
  line.Print("worker lost");
  EXPECT_EQ(Taken(), std::string("\r\x1b[Kworker lost\n") + kNothing);
}

TEST_F(ProgressLineTest, CutsToTheTerminalsWidth) {
  ProgressLine line = Make(ProgressStyle::kRedrawn, 10);
  line.Update(Snapshot("profiling", 0));
  EXPECT_EQ(Taken(), "\r\x1b[Kprofiling");
  line.EndPhase(Snapshot("ten-letter", 0));
  EXPECT_EQ(Taken(), "\r\x1b[Kten-lette\n");
}

TEST_F(ProgressLineTest, IsDueWhenAnUpdateWouldShow) {
  ProgressLine line = Make(ProgressStyle::kPlain);
  EXPECT_TRUE(line.IsDue("p"));
  line.Update(Snapshot("p", 0));
  EXPECT_FALSE(line.IsDue("p"));
  EXPECT_TRUE(line.IsDue("q"));
  clock_.Advance(kNsPerSecond);
  EXPECT_TRUE(line.IsDue("p"));
  EXPECT_FALSE(Make(ProgressStyle::kNone).IsDue("p"));
}

TEST(StyleForTest, IsPlainOnAPipe) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  EXPECT_EQ(StyleFor(ends[1]), ProgressStyle::kPlain);
  EXPECT_EQ(TerminalWidth(ends[1]), 0U);
  close(ends[0]);
  close(ends[1]);
}

}  // namespace
}  // namespace drumfire
