// Does the caller get away from a call that never returns, and is the number of such calls bounded?
#include "coordinator/fleet/answer_within.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>

namespace drumfire {
namespace {

// Only ever waited for in full where nothing comes.
constexpr absl::Duration kLong = absl::Seconds(60);

// A call that returns once the test lets it.
class HangingCall {
 public:
  std::function<int()> call() const {
    return [wait = released_] {
      wait.wait();
      return 7;
    };
  }
  void Release() { release_.set_value(); }

 private:
  std::promise<void> release_;
  std::shared_future<void> released_ = release_.get_future().share();
};

TEST(AnswerWithinTest, TheCallerGoesOnWithoutACallThatDoesNotReturn) {
  HangingCall hanging;
  EXPECT_EQ(AnswerWithin<int>(absl::Milliseconds(1), hanging.call()), std::nullopt);
  hanging.Release();
}

// Freed with the last that knows of it, whoever that is.
TEST(AnswerWithinTest, ALateAnswerIsFreed) {
  HangingCall hanging;
  const auto freed = std::make_shared<std::promise<void>>();
  const auto call = [wait = hanging.call(), freed] {
    wait();
    return std::shared_ptr<void>(nullptr, [freed](void*) { freed->set_value(); });
  };
  EXPECT_EQ(AnswerWithin<std::shared_ptr<void>>(absl::ZeroDuration(), call), std::nullopt);
  hanging.Release();
  freed->get_future().wait();
}

TEST(AnswerWithinTest, GivesTheAnswer) {
  EXPECT_EQ(AnswerWithin<std::string>(kLong, [] { return std::string("here"); }), "here");
}

TEST(AnswerWithinTest, PastTheBoundNoCallIsBegun) {
  HangingCall hanging;
  int begun = 0;
  while (RunAside([call = hanging.call()] { call(); })) ++begun;
  EXPECT_LE(begun, kMostCallsUnderWay);
  EXPECT_EQ(AnswerWithin<int>(kLong, [] { return 1; }), std::nullopt);
  hanging.Release();
  while (!AnswerWithin<int>(kLong, [] { return 1; }).has_value()) std::this_thread::yield();
}

}  // namespace
}  // namespace drumfire
