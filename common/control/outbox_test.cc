// Does every message leave in order, one at a time, and does the end wait for the last?
#include "common/control/outbox.h"

#include <vector>

#include "gtest/gtest.h"

namespace drumfire {
namespace {

struct Reactor {
  void StartWrite(const int* message) { writing.push_back(*message); }
  std::vector<int> writing;
};

class OutboxTest : public testing::Test {
 protected:
  void PushBoth() {
    ASSERT_EQ(outbox_.Push(1), PushResult::kQueued);
    ASSERT_EQ(outbox_.Push(2), PushResult::kQueued);
  }
  void Fill() {
    for (size_t i = 0; i < kMaxQueuedMessages; ++i) ASSERT_EQ(outbox_.Push(1), PushResult::kQueued);
  }

  Reactor reactor_;
  Outbox<Reactor, int> outbox_{&reactor_};
  bool finished_ = false;
};

TEST_F(OutboxTest, OneWriteAtATimeInOrder) {
  EXPECT_EQ(outbox_.Push(1), PushResult::kQueued);
  EXPECT_EQ(outbox_.Push(2), PushResult::kQueued);
  EXPECT_EQ(reactor_.writing, (std::vector<int>{1}));
  outbox_.OnWritten(true);
  EXPECT_EQ(reactor_.writing, (std::vector<int>{1, 2}));
}

TEST_F(OutboxTest, SaysHowFarTheOtherSideIs) {
  PushBoth();
  EXPECT_EQ(outbox_.state().written, 0u);
  EXPECT_EQ(outbox_.state().waiting, 2u);
  outbox_.OnWritten(true);
  EXPECT_EQ(outbox_.state().written, 1u);
  EXPECT_EQ(outbox_.state().waiting, 1u);
}

TEST_F(OutboxTest, TheEndWaitsForWhatIsQueued) {
  PushBoth();
  outbox_.CloseAfterWrites([this] { finished_ = true; });
  EXPECT_EQ(outbox_.Push(3), PushResult::kClosed);
  outbox_.OnWritten(true);
  EXPECT_FALSE(finished_);
  outbox_.OnWritten(true);
  EXPECT_TRUE(finished_);
  EXPECT_EQ(reactor_.writing.size(), 2u);
}

TEST_F(OutboxTest, AFailedWriteDropsTheRestAndEnds) {
  PushBoth();
  outbox_.CloseAfterWrites([this] { finished_ = true; });
  outbox_.OnWritten(false);
  EXPECT_TRUE(finished_);
  EXPECT_EQ(reactor_.writing.size(), 1u);
}

TEST_F(OutboxTest, AnIdleStreamEndsAtOnceAndOnce) {
  outbox_.CloseAfterWrites([this] { finished_ = true; });
  EXPECT_TRUE(finished_);
  finished_ = false;
  outbox_.CloseAfterWrites([this] { finished_ = true; });
  EXPECT_FALSE(finished_);
}

TEST_F(OutboxTest, APeerThatDoesNotReadIsBounded) {
  Fill();
  EXPECT_EQ(outbox_.Push(1), PushResult::kFull);
  EXPECT_EQ(reactor_.writing.size(), 1u);
}

// Its number is used up, so later messages would follow a gap.
TEST_F(OutboxTest, AfterARefusedMessageNoneIsTaken) {
  Fill();
  EXPECT_EQ(outbox_.Push(1), PushResult::kFull);
  outbox_.OnWritten(true);
  EXPECT_EQ(outbox_.Push(2), PushResult::kFull);
  outbox_.CloseAfterWrites([this] { finished_ = true; });
  outbox_.OnWritten(false);
  EXPECT_TRUE(finished_) << "the broken stream can end";
}

}  // namespace
}  // namespace drumfire
