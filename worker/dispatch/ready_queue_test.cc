// Does the queue keep its bounds and its order, and wake who found it empty or full?
#include "worker/dispatch/ready_queue.h"

#include "gtest/gtest.h"

namespace drumfire {
namespace {

std::unique_ptr<Exchange> Make(uint64_t session, size_t body_bytes = 2) {
  auto exchange = std::make_unique<Exchange>();
  exchange->session = session;
  exchange->body = std::make_shared<const std::string>(body_bytes, 'x');
  return exchange;
}

class ReadyQueueTest : public testing::Test {
 protected:
  void Start(size_t max_requests, size_t max_bytes = 1 << 20) {
    queue_ = std::make_unique<ReadyQueue>(
        max_requests, max_bytes,
        ReadyQueue::Wakers{[this] { ++reader_wakes_; }, [this] { ++maker_wakes_; }});
  }
  bool Push(uint64_t session, size_t body_bytes = 2) {
    auto exchange = Make(session, body_bytes);
    const bool pushed = queue_->Push(&exchange);
    EXPECT_EQ(exchange == nullptr, pushed);
    return pushed;
  }
  void ReleaseOne() {
    queue_->Release(*out_.front());
    out_.pop_front();
  }

  std::unique_ptr<ReadyQueue> queue_;
  std::deque<std::unique_ptr<Exchange>> out_;
  int reader_wakes_ = 0;
  int maker_wakes_ = 0;
};

TEST_F(ReadyQueueTest, AFullOneRefusesAndLeavesTheRequest) {
  Start(2);
  EXPECT_TRUE(Push(0));
  EXPECT_TRUE(Push(1));
  EXPECT_FALSE(Push(2));
  queue_->TakeAll(&out_);
  EXPECT_EQ(out_.size(), 2u);
  EXPECT_FALSE(Push(2)) << "taken requests count until they are released";
}

TEST_F(ReadyQueueTest, BytesAreABoundToo) {
  Start(100, 3 * (sizeof(Exchange) + 1000));
  EXPECT_TRUE(Push(0, 1000));
  EXPECT_TRUE(Push(1, 1000));
  EXPECT_FALSE(Push(2, 2000 + sizeof(Exchange)));
  EXPECT_TRUE(Push(2, 1000));
}

TEST_F(ReadyQueueTest, OneRequestLargerThanTheBoundStillPasses) {
  Start(10, 100);
  EXPECT_TRUE(Push(0, 5000));
}

TEST_F(ReadyQueueTest, KeepsTheOrder) {
  Start(10);
  for (uint64_t k = 0; k < 3; ++k) Push(k);
  queue_->TakeAll(&out_);
  ASSERT_EQ(out_.size(), 3u);
  for (uint64_t k = 0; k < 3; ++k) EXPECT_EQ(out_[k]->session, k);
}

TEST_F(ReadyQueueTest, KnowsThatAnEarlierRequestCame) {
  Start(10);
  Push(5);
  EXPECT_FALSE(queue_->has_earlier());
  Push(3);
  EXPECT_TRUE(queue_->has_earlier());
  queue_->TakeAll(&out_);
  EXPECT_FALSE(queue_->has_earlier());
}

TEST_F(ReadyQueueTest, WakesOnlyAReaderThatFoundNothing) {
  Start(10);
  Push(0);
  EXPECT_EQ(reader_wakes_, 1);
  Push(1);
  EXPECT_EQ(reader_wakes_, 1);
  queue_->TakeAll(&out_);
  Push(2);
  EXPECT_EQ(reader_wakes_, 1) << "the reader has something in hand";
  out_.clear();
  queue_->TakeAll(&out_);
  out_.clear();
  queue_->TakeAll(&out_);
  Push(3);
  EXPECT_EQ(reader_wakes_, 2);
}

TEST_F(ReadyQueueTest, WakesARefusedMakerOnceHalfIsFree) {
  Start(4);
  for (uint64_t k = 0; k < 4; ++k) Push(k);
  queue_->TakeAll(&out_);
  ReleaseOne();
  EXPECT_EQ(maker_wakes_, 0) << "it was refused nothing";
  Push(4);
  EXPECT_FALSE(Push(5));
  ReleaseOne();
  EXPECT_EQ(maker_wakes_, 0);
  ReleaseOne();
  EXPECT_EQ(maker_wakes_, 1);
  ReleaseOne();
  EXPECT_EQ(maker_wakes_, 1);
}

// A session that waits behind others for room would hold its slot for ever.
TEST_F(ReadyQueueTest, AFurtherTurnFitsIntoAFullQueueAndWakesTheReader) {
  Start(1);
  EXPECT_TRUE(Push(0));
  EXPECT_FALSE(Push(1));
  EXPECT_FALSE(queue_->has_next());
  const int wakes = reader_wakes_;
  queue_->PushNext(Make(7));
  EXPECT_EQ(reader_wakes_, wakes + 1);
  EXPECT_TRUE(queue_->has_next());
  const auto next = queue_->TakeNext();
  ASSERT_EQ(next.size(), 1u);
  EXPECT_EQ(next[0]->session, 7u);
  EXPECT_FALSE(queue_->has_next());
  queue_->TakeAll(&out_);
  EXPECT_EQ(out_.size(), 1u) << "only first turns";
}

}  // namespace
}  // namespace drumfire
