// Is the fleet told which worker can never be reached, and left alone about all others?
#include "coordinator/fleet/dial_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "coordinator/fleet/dial_probe.h"
#include "coordinator/fleet/dial_test_server.h"

namespace drumfire {
namespace {

using ::testing::StartsWith;

constexpr size_t kPlenty = 1000;

std::string ProbeInPlainText(const WorkerAddress& worker) {
  return ProbeWorker(worker, {}, absl::Seconds(30));
}

FleetEvent EndOf(uint32_t worker) {
  FleetEvent end;
  end.worker = worker;
  end.closed = true;
  end.close_reason = "the stream broke";
  return end;
}

TEST(DialCheckTest, NamesTheOneWorkerThatHasCertificates) {
  const TestFleet fleet;
  const TestServer plain({});
  const TestServer guarded(fleet.Worker("127.0.0.1"));
  Mailbox<FleetEvent> events{kPlenty};
  DialCheck check({{plain.address(), ""}, {"unix:/nowhere/worker", ""}, {guarded.address(), ""}},
                  ProbeInPlainText, &events);
  check.OnDial(2);
  const auto event = events.Pop(std::chrono::seconds(60));
  ASSERT_TRUE(event.has_value());
  EXPECT_EQ(event->worker, 2u);
  EXPECT_TRUE(event->closed);
  EXPECT_THAT(event->close_reason, StartsWith("it does not accept plain text"));
}

// A fleet of a thousand takes a while to dial.
TEST(DialCheckTest, NobodyIsProbedBeforeItIsDialled) {
  const TestFleet fleet;
  const TestServer first(fleet.Worker("127.0.0.1"));
  const TestServer second(fleet.Worker("127.0.0.1"));
  Mailbox<FleetEvent> events{kPlenty};
  DialCheck check({{first.address(), ""}, {second.address(), ""}}, ProbeInPlainText, &events);
  check.OnDial(0);
  EXPECT_EQ(events.Pop(std::chrono::seconds(60))->worker, 0u);
  EXPECT_FALSE(events.Pop(std::chrono::seconds(2)).has_value());
  check.OnDial(1);
  EXPECT_EQ(events.Pop(std::chrono::seconds(60))->worker, 1u);
}

TEST(DialCheckTest, AStreamThatEndsInSilenceIsToldWithItsCause) {
  Mailbox<FleetEvent> events{kPlenty};
  DialCheck check(
      {}, [](const WorkerAddress& worker) { return "probed " + worker.dial; }, &events);
  check.OnSilentEnd({"a:1", ""}, EndOf(4));
  const auto event = events.Pop(std::chrono::seconds(60));
  ASSERT_TRUE(event.has_value());
  EXPECT_EQ(event->worker, 4u);
  EXPECT_EQ(event->close_reason, "probed a:1");
}

TEST(DialCheckTest, WithoutACauseItsOwnWordsStay) {
  Mailbox<FleetEvent> events{kPlenty};
  DialCheck check(
      {}, [](const WorkerAddress&) { return ""; }, &events);
  check.OnSilentEnd({"a:1", ""}, EndOf(4));
  EXPECT_EQ(events.Pop(std::chrono::seconds(60))->close_reason, "the stream broke");
}

// However long a probe takes, whoever tells of an end goes on, and none is lost.
TEST(DialCheckTest, EndsPastTheBoundAreToldWithoutACause) {
  Mailbox<FleetEvent> events{kPlenty};
  std::promise<void> release;
  const auto hang = release.get_future().share();
  DialCheck check(
      {},
      [&hang](const WorkerAddress&) {
        hang.wait();
        return "probed";
      },
      &events);
  constexpr size_t kEnds = DialCheck::kMostEnds + 10;
  for (uint32_t worker = 0; worker < kEnds; ++worker) {
    check.OnSilentEnd({"a:1", ""}, EndOf(worker));
  }
  EXPECT_EQ(events.Pop(std::chrono::seconds(60))->close_reason, "the stream broke");
  release.set_value();
  for (size_t i = 1; i < kEnds; ++i) {
    ASSERT_TRUE(events.Pop(std::chrono::seconds(60)).has_value()) << i;
  }
}

TEST(DialCheckTest, EndsAtOnceWhenAllHaveAnswered) {
  Mailbox<FleetEvent> events{kPlenty};
  DialCheck check({{"127.0.0.1:1", ""}, {"127.0.0.1:2", ""}}, ProbeInPlainText, &events);
  check.OnAnswer(0);
  check.OnAnswer(1);
  EXPECT_TRUE(events.TakeAll().empty());
}

}  // namespace
}  // namespace drumfire
