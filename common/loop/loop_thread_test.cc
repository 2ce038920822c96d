// Do tasks and steps run in order on one thread, do bounds hold, and does ending it wait for
// nothing?
#include "common/loop/loop_thread.h"

#include <future>
#include <vector>

#include "gtest/gtest.h"

namespace drumfire {
namespace {

class CountingLoop : public Loop {
 public:
  explicit CountingLoop(int64_t next_ns) : next_ns_(next_ns) {}
  int64_t Step(int64_t) override {
    ++steps;
    return next_ns_;
  }
  std::atomic<int> steps = 0;

 private:
  const int64_t next_ns_;
};

// A task that holds the loop's thread until it is released.
class Gate {
 public:
  std::function<void()> Task() {
    return [this] {
      reached_.set_value();
      open_.get_future().wait();
    };
  }
  void WaitUntilReached() { reached_.get_future().wait(); }
  void Open() { open_.set_value(); }

 private:
  std::promise<void> reached_, open_;
};

TEST(LoopThread, TasksRunInOrderAndBeforeTheStepThatFollows) {
  CountingLoop loop(kNever);
  std::promise<std::vector<int>> seen;
  std::vector<int> order;
  LoopThread thread(&loop, SystemClock());
  for (int i = 0; i < 100; ++i) thread.Post([&order, i] { order.push_back(i); });
  thread.Post([&] { seen.set_value(order); });
  const std::vector<int> got = seen.get_future().get();
  ASSERT_EQ(got.size(), 100u);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(got[i], i);
}

TEST(LoopThread, ALoopThatNeverWantsATurnStepsWhenWoken) {
  CountingLoop loop(kNever);
  LoopThread thread(&loop, SystemClock());
  for (int round = 1; round <= 20; ++round) {
    const int before = loop.steps;
    thread.Wake();
    while (loop.steps == before) std::this_thread::yield();
  }
}

TEST(LoopThread, ATimeThatHasPassedMeansAtOnce) {
  CountingLoop loop(0);
  const LoopThread thread(&loop, SystemClock());
  while (loop.steps < 1000) std::this_thread::yield();
}

TEST(LoopThread, AFullOneRefusesAndTakesWhatMustArrive) {
  CountingLoop loop(kNever);
  Gate gate;
  LoopThread thread(&loop, SystemClock());
  thread.Post(gate.Task());
  gate.WaitUntilReached();
  for (size_t i = 0; i < kMaxLoopTasks; ++i) ASSERT_TRUE(thread.TryPost([] {}));
  EXPECT_FALSE(thread.TryPost([] {}));
  std::promise<void> arrived;
  thread.PostAlways([&] { arrived.set_value(); });
  gate.Open();
  arrived.get_future().wait();
  EXPECT_TRUE(thread.TryPost([] {}));
}

}  // namespace
}  // namespace drumfire
