// Does the loop run what others post and wake who is due, in order and without being asked again?
#include "tools/fleet_sim/shared_thread.h"

#include <algorithm>
#include <thread>

#include "gtest/gtest.h"

namespace drumfire::fleet_sim {
namespace {

class Noted : public Sleeper {
 public:
  Noted(int number, std::vector<int>* woken) : number_(number), woken_(woken) {}
  void OnWake() override { woken_->push_back(number_); }

 private:
  const int number_;
  std::vector<int>* const woken_;
};

class SharedThreadTest : public testing::Test {
 protected:
  SharedThreadTest() { loop_ = *SharedThread::Create(SystemClock()); }

  std::unique_ptr<SharedThread> loop_;
  std::vector<int> woken_;
};

TEST_F(SharedThreadTest, TasksOfAnotherThreadRunInOrder) {
  std::vector<int> ran;
  std::thread other([&] {
    for (int i = 0; i < 1000; ++i) {
      loop_->Post([&ran, i] { ran.push_back(i); });
    }
  });
  loop_->Run([&] { return ran.size() == 1000; });
  other.join();
  EXPECT_TRUE(std::is_sorted(ran.begin(), ran.end()));
}

TEST_F(SharedThreadTest, SleepersWakeInTheOrderOfTheirTimes) {
  Noted first(1, &woken_);
  Noted second(2, &woken_);
  const int64_t now_ns = SystemClock().MonotonicNs();
  loop_->WakeAt(&second, now_ns + 2 * kNsPerMs);
  loop_->WakeAt(&first, now_ns + kNsPerMs);
  loop_->Run([this] { return woken_.size() == 2; });
  EXPECT_EQ(woken_, (std::vector<int>{1, 2}));
}

TEST_F(SharedThreadTest, TheEarlierOfTwoTimesCountsOnce) {
  Noted sleeper(1, &woken_);
  Noted last(2, &woken_);
  const int64_t now_ns = SystemClock().MonotonicNs();
  loop_->WakeAt(&sleeper, now_ns + kNsPerMs);
  loop_->WakeAt(&sleeper, now_ns + 2 * kNsPerMs);
  loop_->WakeAt(&last, now_ns + 3 * kNsPerMs);
  loop_->Run([this] { return !woken_.empty() && woken_.back() == 2; });
  EXPECT_EQ(woken_, (std::vector<int>{1, 2}));
}

TEST_F(SharedThreadTest, WhoIsForgottenIsNotWoken) {
  Noted gone(1, &woken_);
  Noted last(2, &woken_);
  const int64_t now_ns = SystemClock().MonotonicNs();
  loop_->WakeAt(&gone, now_ns);
  loop_->Forget(&gone);
  loop_->WakeAt(&last, now_ns + kNsPerMs);
  loop_->Run([this] { return !woken_.empty(); });
  EXPECT_EQ(woken_, std::vector<int>{2});
}

}  // namespace
}  // namespace drumfire::fleet_sim
