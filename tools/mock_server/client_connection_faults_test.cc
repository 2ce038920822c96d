// Does each fault reach the client as it was asked for?
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/mock_server/client_connection_fixture.h"

namespace drumfire::mock {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

using ClientConnectionFaultsTest = ClientConnectionTest;

TEST_F(ClientConnectionFaultsTest, HangSaysNothing) {
  options_.faults.hang = 100;
  const auto client = Connect();
  client->Send(Chat(R"(,"stream":true)", "X-Request-ID: h\r\n"));
  Turn();
  Advance(3'600'000 * kMs);
  EXPECT_EQ(client->Received(), "");
  EXPECT_FALSE(client->ended());
  client->Close();
  Turn();
  EXPECT_EQ(TruthLines()[0]["fault"], "hang");
  EXPECT_EQ(TruthLines()[0]["status"], 0);
}

TEST_F(ClientConnectionFaultsTest, ErrorFaultIsAnHttpError) {
  options_.faults.error = 100;
  const auto client = Connect();
  client->Send(Chat(""));
  Turn();
  const std::string answer = client->Received();
  EXPECT_THAT(answer, testing::AnyOf(StartsWith("HTTP/1.1 429 Too Many Requests"),
                                     StartsWith("HTTP/1.1 500 Internal"),
                                     StartsWith("HTTP/1.1 503 Service")));
  EXPECT_THAT(answer, HasSubstr(R"({"error":{"message":)"));
}

TEST_F(ClientConnectionFaultsTest, TruncatedWholeAnswerPromisesMoreThanItSends) {
  options_.faults.truncate = 100;
  const auto client = Connect();
  client->Send(Chat(R"(,"max_tokens":4)"));
  Turn();
  Advance(100 * kMs);
  const std::string answer = client->Received();
  EXPECT_TRUE(client->ended());
  EXPECT_THAT(answer, Not(EndsWith("}")));
}

}  // namespace
}  // namespace drumfire::mock
