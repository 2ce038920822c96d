// Is the queue bounded, in order, and never the one that makes a pusher wait?
#include "worker/sink/exchange_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace drumfire {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr size_t kPlentyBytes = 1 << 30;

std::unique_ptr<Exchange> MakeExchange(uint64_t k) {
  auto exchange = std::make_unique<Exchange>();
  exchange->session = k;
  return exchange;
}

std::vector<uint64_t> Ks(const ExchangeQueue::Taken& taken) {
  std::vector<uint64_t> ks;
  for (const auto& exchange : taken.exchanges) ks.push_back(exchange->session);
  return ks;
}

class ExchangeQueueTest : public ::testing::Test {
 protected:
  std::function<void()> Waker() {
    return [this] { ++wakes_; };
  }
  std::atomic<int> wakes_ = 0;
};

TEST_F(ExchangeQueueTest, RefusesWhatPassesTheCount) {
  ExchangeQueue queue(2, kPlentyBytes, Waker());
  EXPECT_TRUE(queue.Push(MakeExchange(0)));
  EXPECT_TRUE(queue.Push(MakeExchange(1)));
  EXPECT_FALSE(queue.Push(MakeExchange(2)));
  EXPECT_THAT(Ks(queue.Take()), ElementsAre(0, 1));
  EXPECT_TRUE(queue.Push(MakeExchange(3)));
}

TEST_F(ExchangeQueueTest, RefusesWhatPassesTheBytesAndGivesThemBack) {
  ExchangeQueue queue(100, 2 * sizeof(Exchange) + 1'000'000, Waker());
  for (int round = 0; round < 3; ++round) {
    auto big = MakeExchange(0);
    big->escaped_text.assign(900'000, 'x');
    EXPECT_TRUE(queue.Push(std::move(big)));
    auto too_much = MakeExchange(1);
    too_much->escaped_reasoning.assign(200'000, 'x');
    EXPECT_FALSE(queue.Push(std::move(too_much)));
    EXPECT_THAT(queue.Take().exchanges, SizeIs(1));
  }
}

TEST_F(ExchangeQueueTest, HandsOverInOrderAndInPortions) {
  ExchangeQueue queue(1000, kPlentyBytes, Waker());
  constexpr size_t kCount = ExchangeQueue::kTakeAtMost + 3;
  for (size_t k = 0; k < kCount; ++k) queue.Push(MakeExchange(k));
  const ExchangeQueue::Taken first = queue.Take();
  EXPECT_THAT(first.exchanges, SizeIs(ExchangeQueue::kTakeAtMost));
  EXPECT_EQ(first.backlog, 3u);
  EXPECT_EQ(Ks(queue.Take()).back(), kCount - 1);
}

TEST_F(ExchangeQueueTest, TasksComeAfterAllThatWasPushedBefore) {
  ExchangeQueue queue(1000, kPlentyBytes, Waker());
  for (size_t k = 0; k <= ExchangeQueue::kTakeAtMost; ++k) queue.Push(MakeExchange(k));
  queue.Post([] {});
  EXPECT_EQ(wakes_, 1) << "a task wakes the consumer, whatever it waits for";
  EXPECT_THAT(queue.Take().tasks, IsEmpty());
  const ExchangeQueue::Taken last = queue.Take();
  EXPECT_THAT(last.exchanges, SizeIs(1));
  EXPECT_THAT(last.tasks, SizeIs(1));
}

TEST_F(ExchangeQueueTest, NoSleepWhileThereIsEnough) {
  ExchangeQueue queue(1000, kPlentyBytes, Waker());
  queue.Push(MakeExchange(0));
  EXPECT_FALSE(queue.Sleep(1));
  EXPECT_TRUE(queue.Sleep(2));
  queue.Post([] {});
  EXPECT_FALSE(queue.Sleep(2));
}

TEST_F(ExchangeQueueTest, WakesASleeperOnceAndOnlyWhenItHasEnough) {
  ExchangeQueue queue(1000, kPlentyBytes, Waker());
  queue.Push(MakeExchange(0));
  EXPECT_EQ(wakes_, 0) << "nobody sleeps";
  ASSERT_TRUE(queue.Sleep(3));
  queue.Push(MakeExchange(1));
  EXPECT_EQ(wakes_, 0);
  queue.Push(MakeExchange(2));
  EXPECT_EQ(wakes_, 1);
  queue.Push(MakeExchange(3));
  EXPECT_EQ(wakes_, 1);
  queue.Take();
  queue.Push(MakeExchange(4));
  EXPECT_EQ(wakes_, 1) << "it is awake since it took";
}

TEST_F(ExchangeQueueTest, NothingIsLostBetweenPushersAndTheConsumer) {
  constexpr size_t kPushers = 3;
  constexpr size_t kEach = 5000;
  ExchangeQueue queue(kPushers * kEach, kPlentyBytes, Waker());
  std::vector<std::thread> pushers;
  for (size_t pusher = 0; pusher < kPushers; ++pusher) {
    pushers.emplace_back([&queue, pusher] {
      for (size_t i = 0; i < kEach; ++i) queue.Push(MakeExchange(pusher * kEach + i));
    });
  }
  std::vector<bool> seen(kPushers * kEach);
  for (size_t count = 0; count < seen.size();) {
    for (const uint64_t k : Ks(queue.Take())) {
      EXPECT_FALSE(seen[k]);
      seen[k] = true;
      ++count;
    }
  }
  for (std::thread& pusher : pushers) pusher.join();
}

}  // namespace
}  // namespace drumfire
