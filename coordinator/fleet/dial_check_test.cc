// Is the fleet told which worker can never be reached, and left alone about all others?
#include "coordinator/fleet/dial_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coordinator/fleet/dial_test_server.h"

namespace drumfire {
namespace {

using ::testing::StartsWith;

TEST(DialCheckTest, NamesTheOneWorkerThatHasCertificates) {
  const TestFleet fleet;
  const TestServer plain({});
  const TestServer guarded(fleet.Worker("127.0.0.1"));
  Mailbox<FleetEvent> events;
  DialCheck check({{plain.address(), ""}, {"unix:/nowhere/worker", ""}, {guarded.address(), ""}},
                  {}, &events);
  const auto event = events.Pop(std::chrono::seconds(60));
  ASSERT_TRUE(event.has_value());
  EXPECT_EQ(event->worker, 2u);
  EXPECT_TRUE(event->closed);
  EXPECT_THAT(event->close_reason, StartsWith("it does not talk in plain text"));
}

TEST(DialCheckTest, EndsAtOnceWhenAllHaveAnswered) {
  Mailbox<FleetEvent> events;
  DialCheck check({{"127.0.0.1:1", ""}, {"127.0.0.1:2", ""}}, {}, &events);
  check.OnAnswer(0);
  check.OnAnswer(1);
  EXPECT_TRUE(events.TakeAll().empty());
}

}  // namespace
}  // namespace drumfire
