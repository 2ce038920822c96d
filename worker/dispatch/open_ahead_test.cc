// Are connections opened for what is due soon, and for nothing else?
#include "worker/dispatch/open_ahead.h"

#include <gmock/gmock.h>

#include <limits>
#include <map>

#include "gtest/gtest.h"

namespace drumfire {
namespace {

constexpr uint32_t kNoCap = std::numeric_limits<uint32_t>::max();

// Notes what it is asked for.
class AskedEngine : public Engine {
 public:
  absl::StatusOr<uint32_t> OpenConnections(uint32_t count, int64_t) override { return count; }
  void OpenAhead(uint32_t url, uint32_t idle) override { asked[url] = idle; }
  void Send(std::unique_ptr<Exchange>) override {}
  void Poll(int64_t, bool) override {}
  void CancelAll() override {}
  void Wake() override {}
  uint32_t in_flight() const override { return 0; }
  EngineCounters counters() const override { return {}; }
  int64_t woke_ns() const override { return 0; }
  const char* name() const override { return "asked"; }
  std::vector<int64_t> TakeReadDelays() override { return {}; }

  std::map<uint32_t, uint32_t> asked;  // idle ones, by url
};

class OpenAheadTest : public testing::Test {
 protected:
  void AddDue(int64_t intended_ns, uint32_t url = 0) {
    ready_.push_back(std::make_unique<Exchange>());
    ready_.back()->intended_ns = intended_ns;
    ready_.back()->url = url;
  }
  void Look(int64_t now_ns, uint32_t room = kNoCap) {
    engine_.asked.clear();
    ahead_.Look(ready_, kStartNs, now_ns, room);
  }

  static constexpr int64_t kStartNs = 1'000 * kNsPerSecond;
  AskedEngine engine_;
  OpenAhead ahead_{&engine_, 2};
  std::deque<std::unique_ptr<Exchange>> ready_;
};

TEST_F(OpenAheadTest, NothingForWhatIsFarAway) {
  AddDue(OpenAhead::kLookAheadNs + 1);
  Look(kStartNs);
  EXPECT_TRUE(engine_.asked.empty());
}

TEST_F(OpenAheadTest, OneForEachRequestThatIsDueSoonByUrl) {
  for (int i = 0; i < 20; ++i) AddDue(i * 10 * kNsPerMs, i % 2);
  Look(kStartNs);
  EXPECT_THAT(engine_.asked, testing::ElementsAre(testing::Pair(0, 6), testing::Pair(1, 5)));
}

TEST_F(OpenAheadTest, BeforeTheStartTheFirstOnesCount) {
  AddDue(0);
  AddDue(OpenAhead::kLookAheadNs);
  Look(kStartNs - 10 * kNsPerSecond);
  EXPECT_THAT(engine_.asked, testing::ElementsAre(testing::Pair(0, 2)));
}

TEST_F(OpenAheadTest, NoMoreThanTheCapLeavesRoomFor) {
  for (int i = 0; i < 20; ++i) AddDue(i);
  Look(kStartNs, 3);
  EXPECT_THAT(engine_.asked, testing::ElementsAre(testing::Pair(0, 3)));
  Look(kStartNs, 0);
  EXPECT_TRUE(engine_.asked.empty());
}

TEST_F(OpenAheadTest, NeverMoreThanTheBound) {
  for (int i = 0; i < 10'000; ++i) AddDue(i);
  Look(kStartNs);
  EXPECT_THAT(engine_.asked, testing::ElementsAre(testing::Pair(0, OpenAhead::kMaxIdle)));
}

TEST_F(OpenAheadTest, LooksNowAndThenAndNotJustBeforeASend) {
  Look(kStartNs);
  EXPECT_FALSE(ahead_.ShouldLook(kStartNs + 1, kStartNs + kNsPerSecond));
  EXPECT_TRUE(ahead_.ShouldLook(kStartNs + OpenAhead::kEveryNs, kStartNs + kNsPerSecond));
  const int64_t later_ns = kStartNs + OpenAhead::kEveryNs;
  EXPECT_FALSE(ahead_.ShouldLook(later_ns, later_ns + 1));
  const int64_t late_ns = kStartNs + OpenAhead::kLongestDelayNs;
  EXPECT_TRUE(ahead_.ShouldLook(late_ns, late_ns + 1));
}

}  // namespace
}  // namespace drumfire
