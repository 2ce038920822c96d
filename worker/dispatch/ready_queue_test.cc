// Does the queue keep its bounds, wake who waits, and never hold a thread for good?
#include "worker/dispatch/ready_queue.h"

#include <future>
#include <thread>

#include "gtest/gtest.h"

namespace drumfire {
namespace {

std::unique_ptr<Exchange> Make(uint64_t k, size_t body_bytes = 2) {
  auto exchange = std::make_unique<Exchange>();
  exchange->k = k;
  exchange->body = std::make_shared<const std::string>(body_bytes, 'x');
  return exchange;
}

const auto kNothing = [] {};

TEST(ReadyQueue, KeepsTheOrder) {
  ReadyQueue queue(10, 1 << 20);
  for (uint64_t k = 0; k < 3; ++k) queue.Push(Make(k), kNothing);
  std::deque<std::unique_ptr<Exchange>> out;
  queue.TakeAll(&out);
  ASSERT_EQ(out.size(), 3u);
  for (uint64_t k = 0; k < 3; ++k) EXPECT_EQ(out[k]->k, k);
}

TEST(ReadyQueue, WakesOnlyAReaderThatFoundNothing) {
  ReadyQueue queue(10, 1 << 20);
  std::deque<std::unique_ptr<Exchange>> out;
  EXPECT_EQ(queue.Push(Make(0), kNothing), ReadyQueue::Pushed::kWakeReader);
  EXPECT_EQ(queue.Push(Make(1), kNothing), ReadyQueue::Pushed::kQuietly);
  queue.TakeAll(&out);
  EXPECT_EQ(queue.Push(Make(2), kNothing), ReadyQueue::Pushed::kQuietly);
}

TEST(ReadyQueue, FullQueueWaitsUntilHalfIsFree) {
  ReadyQueue queue(2, 1 << 20);
  queue.Push(Make(0), kNothing);
  queue.Push(Make(1), kNothing);
  std::promise<void> waiting;
  auto pushed = std::async(std::launch::async,
                           [&] { return queue.Push(Make(2), [&] { waiting.set_value(); }); });
  waiting.get_future().wait();
  std::deque<std::unique_ptr<Exchange>> out;
  queue.TakeAll(&out);
  queue.Release(*out.front());
  EXPECT_NE(pushed.get(), ReadyQueue::Pushed::kClosed);
}

TEST(ReadyQueue, OneRequestLargerThanTheBoundStillPasses) {
  ReadyQueue queue(10, 100);
  EXPECT_NE(queue.Push(Make(0, 5000), kNothing), ReadyQueue::Pushed::kClosed);
}

TEST(ReadyQueue, CloseFreesAWaitingPreparer) {
  ReadyQueue queue(1, 1 << 20);
  queue.Push(Make(0), kNothing);
  std::promise<void> waiting;
  auto pushed = std::async(std::launch::async,
                           [&] { return queue.Push(Make(1), [&] { waiting.set_value(); }); });
  waiting.get_future().wait();
  queue.Close();
  EXPECT_EQ(pushed.get(), ReadyQueue::Pushed::kClosed);
}

}  // namespace
}  // namespace drumfire
