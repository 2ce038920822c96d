// Do many streams that do not end cost no more than one?
#include "coordinator/fleet/end_together.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace drumfire {
namespace {

// Ends at ends_ns of the clock, which its waiting moves.
class FakeStream {
 public:
  FakeStream(FakeClock* clock, int64_t ends_ns) : clock_(clock), ends_ns_(ends_ns) {}

  void WaitForEnd(absl::Duration limit) {
    const int64_t left_ns = std::max<int64_t>(0, ends_ns_ - clock_->MonotonicNs());
    clock_->Advance(std::min(absl::ToInt64Nanoseconds(limit), left_ns));
    ended = clock_->MonotonicNs() >= ends_ns_;
  }
  void Cancel() { cancelled_ns = clock_->MonotonicNs(); }

  bool ended = false;
  int64_t cancelled_ns = -1;

 private:
  FakeClock* const clock_;
  const int64_t ends_ns_;
};

constexpr absl::Duration kLimit = absl::Seconds(2);

class EndTogetherTest : public testing::Test {
 protected:
  FakeStream* Add(int64_t ends_ns) {
    return streams_.emplace_back(std::make_unique<FakeStream>(&clock_, ends_ns)).get();
  }

  FakeClock clock_{0};
  std::vector<std::unique_ptr<FakeStream>> streams_;
};

TEST_F(EndTogetherTest, StreamsThatDoNotEndAreWaitedForOnce) {
  for (int i = 0; i < 100; ++i) Add(INT64_MAX);
  EndTogether(streams_, kLimit, clock_);
  EXPECT_EQ(clock_.MonotonicNs(), absl::ToInt64Nanoseconds(kLimit));
  for (const auto& stream : streams_) EXPECT_EQ(stream->cancelled_ns, clock_.MonotonicNs());
}

TEST_F(EndTogetherTest, OneThatDoesNotEndTakesNoTimeFromTheOthers) {
  Add(INT64_MAX);
  streams_.emplace_back();
  const FakeStream* const slow = Add(kNsPerSecond);
  EndTogether(streams_, kLimit, clock_);
  EXPECT_TRUE(slow->ended);
  EXPECT_EQ(clock_.MonotonicNs(), absl::ToInt64Nanoseconds(kLimit));
}

TEST_F(EndTogetherTest, NobodyIsWaitedForLongerThanItTakes) {
  Add(kNsPerMs);
  Add(3 * kNsPerMs);
  EndTogether(streams_, kLimit, clock_);
  EXPECT_EQ(clock_.MonotonicNs(), 3 * kNsPerMs);
}

}  // namespace
}  // namespace drumfire
