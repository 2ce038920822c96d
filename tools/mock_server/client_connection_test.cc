// Does a connection follow HTTP and the persona's behaviour, at the times of the clock?
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/mock_server/client_connection_fixture.h"

namespace drumfire::mock {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST_F(ClientConnectionTest, RefusesGarbageAndCloses) {
  const auto client = Connect();
  client->Send("this is not HTTP\r\n\r\n");
  Turn();
  EXPECT_THAT(client->Received(), StartsWith("HTTP/1.1 400 "));
  EXPECT_TRUE(client->ended());
  Advance(3000 * kMs);
  EXPECT_EQ(closed_, 1);
}

TEST_F(ClientConnectionTest, RefusesUnknownPathsAndMethods) {
  const auto client = Connect();
  client->Send("GET /v2 HTTP/1.1\r\n\r\n");
  Turn();
  EXPECT_THAT(client->Received(), StartsWith("HTTP/1.1 404 "));
  client->Send("GET /v1/completions HTTP/1.1\r\n\r\n");
  Turn();
  EXPECT_THAT(client->Received(), StartsWith("HTTP/1.1 405 "));
  EXPECT_FALSE(client->ended());
}

TEST_F(ClientConnectionTest, AnswersOneRequestAfterAnother) {
  const auto client = Connect();
  for (int i = 0; i < 3; ++i) {
    client->Send("GET /health HTTP/1.1\r\n\r\n");
    Turn();
    EXPECT_THAT(client->Received(), StartsWith("HTTP/1.1 200 OK\r\n"));
  }
  EXPECT_FALSE(client->ended());
}

TEST_F(ClientConnectionTest, AnswersPipelinedRequestsInOrder) {
  const auto client = Connect();
  client->Send(Chat(R"(,"stream":true,"max_tokens":1)") + "GET /v1/models HTTP/1.1\r\n\r\n");
  Turn();
  EXPECT_THAT(client->Received(), Not(HasSubstr("mock-model")));
  Advance(50 * kMs);
  const std::string rest = client->Received();
  EXPECT_THAT(rest, HasSubstr("0\r\n\r\nHTTP/1.1 200 OK"));
  EXPECT_THAT(rest, HasSubstr("mock-model"));
}

TEST_F(ClientConnectionTest, SaysContinue) {
  const auto client = Connect();
  client->Send(
      "POST /v1/completions HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 14\r\n\r\n");
  Turn();
  EXPECT_EQ(client->Received(), "HTTP/1.1 100 Continue\r\n\r\n");
  client->Send(R"({"prompt":"a"})");
  Turn();
  Advance(500 * kMs);
  EXPECT_THAT(client->Received(), StartsWith("HTTP/1.1 200 OK"));
}

TEST_F(ClientConnectionTest, ClosesWhenAsked) {
  const auto client = Connect();
  client->Send("GET /health HTTP/1.1\r\nConnection: close\r\n\r\n");
  Turn();
  EXPECT_THAT(client->Received(), HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_TRUE(client->ended());
}

TEST_F(ClientConnectionTest, StreamsAtTheTimesOfTheClock) {
  const auto client = Connect();
  client->Send(Chat(R"(,"stream":true,"max_tokens":2)"));
  Turn();
  EXPECT_THAT(client->Received(), HasSubstr("\"role\""));
  Advance(49 * kMs);
  EXPECT_EQ(client->Received(), "");
  Advance(1 * kMs);
  EXPECT_THAT(client->Received(), HasSubstr("\" the\""));
  Advance(10 * kMs);
  EXPECT_THAT(client->Received(), EndsWith("data: [DONE]\n\n\r\n0\r\n\r\n"));
}

TEST_F(ClientConnectionTest, LateWakeUpDoesNotShiftLaterEvents) {
  const auto client = Connect();
  client->Send(Chat(R"(,"stream":true,"max_tokens":3)"));
  Turn();
  Advance(57 * kMs);
  client->Received();
  Advance(3 * kMs);
  EXPECT_THAT(client->Received(), HasSubstr("\" of\""));
}

TEST_F(ClientConnectionTest, Http10StreamEndsWithTheConnection) {
  const auto client = Connect();
  const std::string body = R"({"prompt":"a","stream":true,"max_tokens":1})";
  client->Send(absl::StrCat("POST /v1/completions HTTP/1.0\r\nConnection: keep-alive\r\n",
                            "Content-Length: ", body.size(), "\r\n\r\n", body));
  Turn();
  Advance(50 * kMs);
  const std::string answer = client->Received();
  EXPECT_THAT(answer, Not(HasSubstr("chunked")));
  EXPECT_THAT(answer, EndsWith("data: [DONE]\n\n"));
  EXPECT_TRUE(client->ended());
}

TEST_F(ClientConnectionTest, IdleConnectionOfVllmClosesAfterFiveSeconds) {
  options_.persona = Persona::kVllm;
  const auto client = Connect();
  Advance(4000 * kMs);
  client->Send("GET /health HTTP/1.1\r\n\r\n");
  Turn();
  Advance(4999 * kMs);
  client->Received();
  EXPECT_FALSE(client->ended());
  Advance(1 * kMs);
  EXPECT_EQ(client->Received(), "");
  EXPECT_TRUE(client->ended());
}

TEST_F(ClientConnectionTest, SlowAnswerIsNotIdle) {
  options_.persona = Persona::kVllm;
  options_.ttft = RandomDuration::Constant(8000 * kMs);
  const auto client = Connect();
  client->Send(Chat(R"(,"max_tokens":1)"));
  Turn();
  Advance(7999 * kMs);
  EXPECT_EQ(client->Received(), "");
  EXPECT_FALSE(client->ended());
  Advance(1 * kMs);
  EXPECT_THAT(client->Received(), StartsWith("HTTP/1.1 200"));
}

TEST_F(ClientConnectionTest, LlamaServerClosesAfterAHundredRequests) {
  options_.persona = Persona::kLlamaServer;
  const auto client = Connect();
  for (int i = 1; i <= 100; ++i) {
    client->Send("GET /health HTTP/1.1\r\n\r\n");
    Turn();
    const std::string answer = client->Received();
    EXPECT_EQ(answer.find("Connection: close") != std::string::npos, i == 100) << i;
  }
  EXPECT_TRUE(client->ended());
}

TEST_F(ClientConnectionTest, SlowReaderGetsEverything) {
  options_.ttft = options_.itl = RandomDuration::Constant(0);
  options_.events_per_write = 1000;
  const auto client = Connect();
  client->Send(Chat(R"(,"stream":true,"max_tokens":30000)"));
  std::string all;
  for (int i = 0; i < 1000 && all.find("[DONE]") == std::string::npos; ++i) {
    Advance(kMs);
    all += client->Received();
  }
  EXPECT_THAT(all, EndsWith("0\r\n\r\n"));
  EXPECT_EQ(TruthLines()[0]["tokens"], 30000);
}

}  // namespace
}  // namespace drumfire::mock
