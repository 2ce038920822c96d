// Are queued and abandoned requests counted right, and does the truth log hold the times?
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/mock_server/client_connection_fixture.h"

namespace drumfire::mock {
namespace {

using testing::StartsWith;

using ClientConnectionAccountingTest = ClientConnectionTest;

TEST_F(ClientConnectionAccountingTest, QueuesBeyondTheConcurrency) {
  options_.concurrency = 1;
  const auto first = Connect();
  const auto second = Connect();
  first->Send(Chat(R"(,"max_tokens":1)"));
  Turn();
  second->Send(Chat(R"(,"max_tokens":1)"));
  Turn();
  EXPECT_EQ(metrics_.running, 1);
  EXPECT_EQ(metrics_.waiting, 1);
  Advance(50 * kMs);
  EXPECT_THAT(first->Received(), StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(second->Received(), "");
  EXPECT_EQ(metrics_.waiting, 0);
  Advance(50 * kMs);
  EXPECT_THAT(second->Received(), StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(metrics_.running, 0);
}

TEST_F(ClientConnectionAccountingTest, ClientThatLeavesTheQueueLeavesNoTrace) {
  options_.concurrency = 1;
  const auto first = Connect();
  const auto second = Connect();
  first->Send(Chat(R"(,"max_tokens":1)"));
  Turn();
  second->Send(Chat(R"(,"max_tokens":1)"));
  Turn();
  second->Close();
  Turn();
  EXPECT_EQ(metrics_.waiting, 0);
  Advance(50 * kMs);
  EXPECT_EQ(metrics_.running, 0);
  EXPECT_THAT(first->Received(), StartsWith("HTTP/1.1 200"));
}

TEST_F(ClientConnectionAccountingTest, ClientThatGoesFreesItsSlot) {
  const auto client = Connect();
  client->Send(Chat(R"(,"stream":true,"max_tokens":9)", "X-Request-ID: gone\r\n"));
  Turn();
  Advance(50 * kMs);
  client->Close();
  Turn();
  EXPECT_EQ(closed_, 1);
  EXPECT_EQ(metrics_.running, 0);
  const auto lines = TruthLines();
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0]["x_request_id"], "gone");
  EXPECT_EQ(lines[0]["client_closed"], true);
  EXPECT_EQ(lines[0]["tokens"], 1);
}

TEST_F(ClientConnectionAccountingTest, TruthLogHoldsTheTimes) {
  const auto client = Connect();
  const std::string request = Chat(R"(,"stream":true,"max_tokens":2)", "X-Request-ID: id-7\r\n");
  client->Send(request);
  Turn();
  Advance(50 * kMs);
  Advance(10 * kMs);
  const auto lines = TruthLines();
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0]["x_request_id"], "id-7");
  EXPECT_EQ(lines[0]["arrival_ns"], 1000 * kMs);
  EXPECT_EQ(lines[0]["first_send_ns"], 1000 * kMs);
  EXPECT_EQ(lines[0]["send_ns"], (std::vector<int64_t>{1050 * kMs, 1060 * kMs}));
  EXPECT_EQ(lines[0]["status"], 200);
  EXPECT_EQ(lines[0]["tokens"], 2);
  EXPECT_EQ(lines[0]["fault"], "none");
}

}  // namespace
}  // namespace drumfire::mock
