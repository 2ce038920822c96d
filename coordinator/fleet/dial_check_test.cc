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
  check.OnDial(2);
  const auto event = events.Pop(std::chrono::seconds(60));
  ASSERT_TRUE(event.has_value());
  EXPECT_EQ(event->worker, 2u);
  EXPECT_TRUE(event->closed);
  EXPECT_THAT(event->close_reason, StartsWith("it does not talk in plain text"));
}

// A fleet of a thousand takes a while to dial.
TEST(DialCheckTest, NobodyIsProbedBeforeItIsDialled) {
  const TestFleet fleet;
  const TestServer first(fleet.Worker("127.0.0.1"));
  const TestServer second(fleet.Worker("127.0.0.1"));
  Mailbox<FleetEvent> events;
  DialCheck check({{first.address(), ""}, {second.address(), ""}}, {}, &events);
  check.OnDial(0);
  EXPECT_EQ(events.Pop(std::chrono::seconds(60))->worker, 0u);
  EXPECT_FALSE(events.Pop(std::chrono::seconds(2)).has_value());
  check.OnDial(1);
  EXPECT_EQ(events.Pop(std::chrono::seconds(60))->worker, 1u);
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
