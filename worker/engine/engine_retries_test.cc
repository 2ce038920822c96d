// Is a request sent again only when its connection was stale, and once?
#include "common/clock/clock.h"
#include "gtest/gtest.h"
#include "worker/engine/stale_connection.h"
#include "worker/engine/testing/engine_fixture.h"

namespace drumfire {
namespace {

int64_t RetriesDeadline() { return SystemClock().MonotonicNs() + 20 * kNsPerSecond; }

class EngineRetries : public EngineFixture {
 protected:
  std::vector<ServerStep> ends_;
};

TEST_P(EngineRetries, IdleConnectionClosedAsWeSendIsRetriedOnce) {
  Serve([](const ServerRequest& request) {
    return request.number == 1 ? Script{CloseNow()} : Script{Say(ChatStream({"a"}))};
  });
  SendAndAwait();
  const Exchange& retried = SendAndAwait();
  ExpectAllCompleted();
  EXPECT_EQ(retried.retries, 1u);
  EXPECT_FALSE(retried.connection_reused);
  EXPECT_EQ(engine().counters().retries, 1u);
  EXPECT_EQ(server().requests(), 3);
}

TEST_P(EngineRetries, ResetBeforeTheAnswerIsRetriedToo) {
  Serve([](const ServerRequest& request) {
    return request.number == 1 ? Script{ResetNow()} : Script{Say(ChatStream({"a"}))};
  });
  SendAndAwait();
  EXPECT_EQ(SendAndAwait().retries, 1u);
  ExpectAllCompleted();
}

// A balancer that reads the request before it drops the connection takes a while.
TEST_P(EngineRetries, ResetSomeTensOfMsAfterTheSendIsStaleStill) {
  Serve([](const ServerRequest& request) {
    return request.number == 1 ? Script{Pause(20 * kNsPerMs), ResetNow()}
                               : Script{Say(ChatStream({"a"}))};
  });
  SendAndAwait();
  const Exchange& retried = SendAndAwait();
  ExpectAllCompleted();
  EXPECT_EQ(retried.retries, 1u);
  EXPECT_GE(retried.stale_connection_ns, 20 * kNsPerMs);
  EXPECT_GT(retried.sent_ns - finished[0]->end_ns, retried.stale_connection_ns);
  EXPECT_TRUE(retried.connection_replaced);
  EXPECT_EQ(engine().counters().replacing_connects, 1u);
}

TEST_P(EngineRetries, ConnectionsThatEndLaterAreErrorsAndNotSentAgain) {
  for (const ServerStep& end : {ResetNow(), CloseNow()}) {
    ends_.push_back(end);
  }
  Serve([this](const ServerRequest& request) {
    return request.number == 1 ? Script{Pause(2 * kStaleFloorNs), ends_[request.connection]}
                               : Script{Say(ChatStream({"a"}))};
  });
  for (size_t i = 0; i < ends_.size(); ++i) {
    SendAndAwait();
    const Exchange& lost = SendAndAwait();
    EXPECT_EQ(lost.outcome, v1::OUTCOME_FAILED);
    EXPECT_EQ(lost.error, v1::ERROR_RESET);
    EXPECT_EQ(lost.retries, 0u);
    EXPECT_EQ(lost.stale_connection_ns, 0);
    EXPECT_TRUE(lost.connection_reused);
  }
  EXPECT_EQ(server().requests(), 4);
  EXPECT_EQ(server().connections(), 2);
  EXPECT_EQ(engine().counters().retries, 0u);
}

// libcurl 7.88 counts its own retries over a handle's whole life, and gives up at the sixth.
TEST_P(EngineRetries, StaleConnectionsNeverAddUpToAFailure) {
  Serve([](const ServerRequest& request) {
    return request.number == 1 ? Script{ResetNow()} : Script{Say(ChatStream({"a"}))};
  });
  for (int i = 0; i < 20; ++i) SendAndAwait();
  ExpectAllCompleted();
  EXPECT_EQ(engine().counters().retries, 19u);
}

// Other idle connections are likely to be as stale as this one.
TEST_P(EngineRetries, RetriesOnANewConnectionNotOnAnotherIdleOne) {
  Serve([](const ServerRequest& request) {
    return request.connection < 5 && request.number > 0 ? Script{ResetNow()}
                                                        : Script{Say(ChatStream({"a"}))};
  });
  for (int i = 0; i < 5; ++i) Send();
  AwaitFinished(5);
  const Exchange& retried = SendAndAwait();
  ExpectAllCompleted();
  EXPECT_EQ(retried.retries, 1u);
  EXPECT_FALSE(retried.connection_reused);
}

TEST_P(EngineRetries, NoSecondRetry) {
  Serve([](const ServerRequest& request) {
    const bool is_first = request.connection == 0 && request.number == 0;
    return is_first ? Script{Say(ChatStream({"a"}))} : Script{CloseNow()};
  });
  SendAndAwait();
  const Exchange& lost = SendAndAwait();
  EXPECT_EQ(lost.error, v1::ERROR_RESET);
  EXPECT_EQ(lost.retries, 1u);
  EXPECT_EQ(server().requests(), 3);
}

TEST_P(EngineRetries, NoRetryOnceAByteOfTheAnswerCame) {
  Serve([](const ServerRequest& request) {
    return request.number == 1 ? Script{Say("HTTP/1.1 100 Continue\r\n\r\n"), CloseNow()}
                               : Script{Say(ChatStream({"a"}))};
  });
  SendAndAwait();
  const Exchange& lost = SendAndAwait();
  EXPECT_EQ(lost.outcome, v1::OUTCOME_FAILED);
  EXPECT_EQ(lost.retries, 0u);
}

TEST_P(EngineRetries, PreopenedConnectionClosedAsWeSendIsRetried) {
  Serve([](const ServerRequest& request) {
    return request.connection == 0 ? Script{CloseNow()} : Script{Say(ChatStream({"a"}))};
  });
  ASSERT_TRUE(engine().OpenConnections(1, RetriesDeadline()).ok());
  EXPECT_EQ(SendAndAwait().retries, 1u);
  ExpectAllCompleted();
}

INSTANTIATE_TEST_SUITE_P(Both, EngineRetries, testing::ValuesIn(kBothEngines), EngineName);

}  // namespace
}  // namespace drumfire
