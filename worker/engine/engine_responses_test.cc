// Are responses of every legal shape read whole, however their bytes are cut, and stamped in order?
#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "common/clock/clock.h"
#include "gtest/gtest.h"
#include "worker/engine/testing/engine_fixture.h"

namespace drumfire {
namespace {

class EngineResponses : public EngineFixture {
 protected:
  const Exchange& Outcome(Script script) {
    Serve([script = std::move(script)](const ServerRequest&) { return script; });
    return SendAndAwait();
  }
};

void ExpectCompleted(const Exchange& exchange, uint32_t chunks) {
  EXPECT_EQ(exchange.outcome, v1::OUTCOME_COMPLETED) << exchange.error_message;
  EXPECT_EQ(exchange.content_chunks, chunks);
}

TEST_P(EngineResponses, Stream) {
  const Exchange& exchange = Outcome({Say(ChatStream({"a", "b", "c"}))});
  ExpectCompleted(exchange, 3);
  EXPECT_EQ(exchange.escaped_text, "abc");
  EXPECT_EQ(exchange.http_status, 200);
  EXPECT_GT(exchange.bytes_sent, 0u);
  EXPECT_EQ(exchange.bytes_received, ChatStream({"a", "b", "c"}).size());
}

TEST_P(EngineResponses, StampsAreInOrder) {
  const Exchange& exchange = Outcome(PacedChatStream(5, 20 * kNsPerMs));
  ExpectCompleted(exchange, 5);
  EXPECT_GE(exchange.send_call_ns, 0);
  EXPECT_LE(exchange.sent_ns, exchange.sent_end_ns);
  EXPECT_LE(exchange.sent_ns, exchange.head_ns);
  EXPECT_LE(exchange.head_ns, exchange.first_event_ns);
  EXPECT_LE(exchange.first_event_ns, exchange.first_token_ns);
  EXPECT_LE(exchange.first_token_ns, exchange.last_token_ns);
  EXPECT_LE(exchange.last_token_ns, exchange.end_ns);
  ASSERT_EQ(exchange.gaps_ns.size(), 4u);
  int64_t sum_ns = 0;
  for (int64_t gap_ns : exchange.gaps_ns) {
    EXPECT_GE(gap_ns, 0);
    sum_ns += gap_ns;
  }
  EXPECT_EQ(sum_ns, exchange.last_token_ns - exchange.first_token_ns);
}

TEST_P(EngineResponses, GapsLostInLateReadsAreThisClients) {
  Serve([](const ServerRequest&) { return Script{Say(ChatStream({"a", "b", "c"}))}; });
  Send();
  while (finished.empty()) engine().Poll(SystemClock().MonotonicNs() - 50 * kNsPerMs, false);
  EXPECT_EQ(finished[0]->coalesced_chunks, 2u);
  EXPECT_EQ(finished[0]->own_coalesced_chunks, 2u);
}

TEST_P(EngineResponses, OneByteAtATime) {
  Script script;
  for (char byte : ChatStream({"a", "b"})) script.push_back(Say(std::string(1, byte)));
  ExpectCompleted(Outcome(std::move(script)), 2);
}

TEST_P(EngineResponses, BodyWithContentLength) {
  const Exchange& exchange = Outcome(
      {Say(Response(200, "application/json",
                    R"({"choices":[{"message":{"content":"hi"}}],"usage":{"prompt_tokens":3,)"
                    R"("completion_tokens":1,"total_tokens":4}})"))});
  EXPECT_EQ(exchange.outcome, v1::OUTCOME_COMPLETED) << exchange.error_message;
  EXPECT_TRUE(exchange.has_usage);
  EXPECT_EQ(exchange.usage.total_tokens(), 4u);
}

TEST_P(EngineResponses, BodyUntilClose) {
  const Exchange& exchange = Outcome(
      {Say("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"), Say(ChatEvent("a")),
       Pause(20 * kNsPerMs), Say(ChatEvent("b")),
       Say("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"), CloseNow()});
  ExpectCompleted(exchange, 2);
}

TEST_P(EngineResponses, InterimHeadsComeFirst) {
  const Exchange& exchange =
      Outcome({Say("HTTP/1.1 100 Continue\r\n\r\n"), Pause(30 * kNsPerMs),
               Say("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"), Say(ChatStream({"a"}))});
  ExpectCompleted(exchange, 1);
  EXPECT_GE(exchange.head_ns - exchange.sent_ns, 30 * kNsPerMs);
}

TEST_P(EngineResponses, HugeHead) {
  const std::string head = absl::StrCat("HTTP/1.1 200 OK\r\nX-Long: ", std::string(100'000, 'h'),
                                        "\r\nTransfer-Encoding: chunked\r\n\r\n");
  ExpectCompleted(Outcome({Say(head), Say(ChatStream({"a"}).substr(kStreamHead.size()))}), 1);
}

TEST_P(EngineResponses, EventLargerThanAnyBuffer) {
  const std::string text(3 << 20, 'x');
  const Exchange& exchange = Outcome({Say(ChatStream({"a", text, "b"}))});
  ExpectCompleted(exchange, 3);
  EXPECT_EQ(exchange.escaped_text.size(), text.size() + 2);
}

TEST_P(EngineResponses, LargeRequestArrivesWhole) {
  std::string received;
  Serve([&](const ServerRequest& request) {
    received = request.body;
    return Script{Say(ChatStream({"a"}))};
  });
  auto exchange = MakeExchange();
  std::string body;
  for (int i = 0; body.size() < (8u << 20); ++i) absl::StrAppend(&body, i, ",");
  exchange->body = std::make_shared<const std::string>(body);
  exchange->head =
      absl::StrCat("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: ", body.size(), "\r\n\r\n");
  const size_t request_bytes = exchange->head.size() + body.size();
  engine().Send(std::move(exchange));
  AwaitFinished(1);
  ExpectCompleted(*finished[0], 1);
  EXPECT_EQ(received, body);
  EXPECT_EQ(finished[0]->bytes_sent, request_bytes);
  EXPECT_LT(finished[0]->sent_ns, finished[0]->sent_end_ns);
}

TEST_P(EngineResponses, ChunksInOneReadAreCounted) {
  const Exchange& exchange = Outcome({Say(ChatStream({"a", "b", "c"}))});
  EXPECT_EQ(exchange.reads + exchange.coalesced_chunks, 3u);
  EXPECT_GT(exchange.coalesced_chunks, 0u);
}

TEST_P(EngineResponses, FloodOnOneConnectionLetsOthersThrough) {
  const std::string flood = ChatStream(std::vector<std::string>(200'000, "flood"));
  Serve([&](const ServerRequest& request) {
    return Script{Say(request.connection == 0 ? flood : ChatStream({"a"}))};
  });
  for (int i = 0; i < 4; ++i) Send();
  AwaitFinished(4);
  uint32_t chunks = 0;
  for (const auto& exchange : finished) chunks += exchange->content_chunks;
  EXPECT_EQ(chunks, 200'003u);
}

INSTANTIATE_TEST_SUITE_P(Both, EngineResponses, testing::ValuesIn(kBothEngines), EngineName);

}  // namespace
}  // namespace drumfire
