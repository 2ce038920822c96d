// Are signals counted, and does the third end a process that waits for something else?
#include "coordinator/run/stop_requests.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

namespace drumfire {
namespace {

TEST(StopRequestsTest, CountsTheFirstTwo) {
  const SignalStopRequests stop;
  EXPECT_EQ(stop.count(), 0);
  raise(SIGINT);
  raise(SIGTERM);
  EXPECT_EQ(stop.count(), 2);
}

TEST(StopRequestsDeathTest, TheThirdEndsTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        const SignalStopRequests stop;
        for (const int signal : {SIGINT, SIGINT, SIGTERM}) raise(signal);
        _exit(0);
      },
      testing::ExitedWithCode(1), "third signal: ended at once");
}

}  // namespace
}  // namespace drumfire
