// Do log lines leave the progress line whole, and stay whole themselves?
#include "coordinator/ui/screen_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <thread>
#include <vector>

#include "absl/strings/str_split.h"

namespace drumfire {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr char kErase[] = "\r\x1b[K";

class ScreenLogTest : public ::testing::Test {
 protected:
  void SetUp() override { line_.Update(ProgressSnapshot{.phase = "p"}); }
  std::string Taken() { return std::exchange(written_, ""); }

  FakeClock clock_;
  std::string written_;
  ProgressLine line_{{.style = ProgressStyle::kRedrawn, .interval_ns = 1},
                     &clock_,
                     [this](absl::string_view text) {
                       written_.append(text.data(), text.size());
                       return true;
                     }};
};

TEST_F(ScreenLogTest, ALogLineGoesAboveTheProgressLine) {
  const std::string progress = Taken().substr(sizeof(kErase) - 1);
  ScreenLog log(&line_);
  LOG(WARNING) << "worker b:1 lost: broken";
  const std::string text = Taken();
  EXPECT_THAT(text, StartsWith(absl::StrCat(kErase, "W")));
  EXPECT_THAT(text, HasSubstr("screen_log_test.cc"));
  EXPECT_THAT(text, EndsWith(absl::StrCat("] worker b:1 lost: broken\n", progress)));
}

TEST_F(ScreenLogTest, SoDoesALineOfAProcessThatWasStarted) {
  const std::string progress = Taken();
  constexpr absl::string_view kLine = "W run ended: no lease\n";
  {
    ScreenLog log(&line_);
    ASSERT_EQ(write(log.descriptor(), kLine.data(), kLine.size()),
              static_cast<ssize_t>(kLine.size()));
  }
  EXPECT_EQ(Taken(), absl::StrCat(kErase, kLine, progress.substr(sizeof(kErase) - 1)));
}

TEST_F(ScreenLogTest, NothingIsErasedBetweenTwoPhases) {
  line_.EndPhase(ProgressSnapshot{.phase = "p"});
  Taken();
  ScreenLog log(&line_);
  LOG(INFO) << "worker b:1 is back";
  EXPECT_THAT(Taken(), StartsWith("I"));
}

TEST_F(ScreenLogTest, NothingReachesTheLineOnceItIsGone) {
  { ScreenLog log(&line_); }
  Taken();
  LOG(INFO) << "no longer for the screen";
  EXPECT_EQ(Taken(), "");
}

TEST_F(ScreenLogTest, LinesOfManyThreadsStayWhole) {
  constexpr int kThreads = 4;
  constexpr int kLines = 50;
  {
    ScreenLog log(&line_);
    std::vector<std::thread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([] {
        for (int i = 0; i < kLines; ++i) LOG(INFO) << "whole";
      });
    }
    for (int i = 0; i < kLines; ++i) {
      clock_.Advance(1);
      line_.Update(ProgressSnapshot{.phase = "p"});
    }
    for (std::thread& thread : threads) thread.join();
  }
  int logged = 0;
  for (const absl::string_view line : absl::StrSplit(Taken(), '\n')) {
    if (!absl::StrContains(line, "whole")) continue;
    ++logged;
    const absl::string_view seen = line.substr(line.rfind(kErase) + sizeof(kErase) - 1);
    EXPECT_THAT(std::string(seen), StartsWith("I"));
    EXPECT_THAT(std::string(seen), EndsWith("] whole"));
  }
  EXPECT_EQ(logged, kThreads * kLines);
}

}  // namespace
}  // namespace drumfire
