// Does a stream send the persona's bytes at the right times, including every fault?
#include "tools/mock_server/stream_reply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace drumfire::mock {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr int64_t kReplyMs = 1'000'000;

StreamPlan Plan(Persona persona, ApiKind kind = ApiKind::kChat) {
  StreamPlan plan;
  plan.identity = {.persona = persona, .kind = kind, .id = "id-1", .model = "m", .created_s = 5};
  plan.head.content_type = "text/event-stream";
  plan.head.chunked = true;
  plan.usage = {.prompt_tokens = 4, .completion_tokens = 2};
  plan.usage_asked = true;
  plan.ttft_ns = 50 * kReplyMs;
  plan.gap = RandomDuration::Constant(10 * kReplyMs);
  return plan;
}

struct Write {
  int64_t at_ns;
  std::string bytes;
  ReplyStep step;
};

// Every write of a stream that begins at 0. A stream that stops without an end gives its last
// comment-free write.
std::vector<Write> RunStream(const StreamPlan& plan, int max_steps = 1000) {
  StreamReply reply(plan);
  std::vector<Write> writes(1);
  reply.Open(&writes[0].bytes);
  reply.Begin(0);
  for (int i = 0; i < max_steps && reply.next_due_ns() != kNeverNs; ++i) {
    Write write;
    write.at_ns = reply.next_due_ns();
    write.step = reply.Step(&write.bytes);
    writes.push_back(write);
    if (write.step.end != ReplyEnd::kNotYet) break;
  }
  return writes;
}

std::string AllBytes(const std::vector<Write>& writes) {
  std::string all;
  for (const Write& write : writes) all += write.bytes;
  return all;
}

// The HTTP chunks behind the head; an empty one at the end is the last chunk.
std::vector<std::string> Chunks(const std::string& bytes) {
  std::vector<std::string> chunks;
  size_t at = bytes.find("\r\n\r\n") + 4;
  while (at < bytes.size()) {
    const size_t line_end = bytes.find("\r\n", at);
    const size_t size = std::strtoul(bytes.c_str() + at, nullptr, 16);
    chunks.push_back(bytes.substr(line_end + 2, size));
    EXPECT_EQ(bytes.substr(line_end + 2 + size, 2), "\r\n");
    at = line_end + 4 + size;
  }
  return chunks;
}

std::vector<std::string> ChunksOf(const StreamPlan& plan) {
  return Chunks(AllBytes(RunStream(plan)));
}

std::string OpenAiEvent(absl::string_view choices, absl::string_view tail = "") {
  return absl::StrCat(
      R"(data: {"id":"id-1","object":"chat.completion.chunk","created":5,"model":"m",)", choices,
      tail, "}\n\n");
}

TEST(StreamReply, OpenAiSpeaksRoleThenTextThenFinishThenUsage) {
  EXPECT_THAT(
      ChunksOf(Plan(Persona::kOpenAi)),
      ElementsAre(
          OpenAiEvent(
              R"("choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}])"),
          OpenAiEvent(
              R"("choices":[{"index":0,"delta":{"content":" the"},"logprobs":null,"finish_reason":null}])"),
          OpenAiEvent(
              R"("choices":[{"index":0,"delta":{"content":" of"},"logprobs":null,"finish_reason":null}])"),
          OpenAiEvent(
              R"("choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"length"}])"),
          OpenAiEvent(
              R"("choices":[])",
              R"(,"usage":{"prompt_tokens":4,"completion_tokens":2,"total_tokens":6,"completion_tokens_details":{"reasoning_tokens":0}})"),
          "data: [DONE]\n\n", ""));
}

TEST(StreamReply, VllmFinishesOnTheLastText) {
  const std::vector<std::string> chunks = ChunksOf(Plan(Persona::kVllm));
  ASSERT_EQ(chunks.size(), 6u);
  EXPECT_EQ(
      chunks[0],
      OpenAiEvent(
          R"("choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}])",
          R"(,"prompt_token_ids":null,"prompt_text":null)"));
  EXPECT_EQ(
      chunks[2],
      OpenAiEvent(
          R"("choices":[{"index":0,"delta":{"content":" of"},"logprobs":null,"finish_reason":"length","stop_reason":null,"token_ids":null}])"));
  EXPECT_EQ(
      chunks[3],
      OpenAiEvent(
          R"("choices":[])",
          R"(,"usage":{"prompt_tokens":4,"total_tokens":6,"completion_tokens":2},"system_fingerprint":"vllm-0.32.0-mock")"));
  EXPECT_EQ(chunks[4], "data: [DONE]\n\n");
}

TEST(StreamReply, VllmSendsItsHeadAloneAndTheRoleWithTheFirstText) {
  const std::vector<Write> writes = RunStream(Plan(Persona::kVllm));
  EXPECT_THAT(writes[0].bytes, Not(HasSubstr("data:")));
  EXPECT_THAT(writes[0].bytes, HasSubstr("\r\ntransfer-encoding: chunked\r\n"));
  EXPECT_THAT(writes[1].bytes, HasSubstr("\"role\""));
  EXPECT_EQ(writes[1].step.text_events, 1);
}

TEST(StreamReply, VllmHasTokensWithoutText) {
  StreamPlan plan = Plan(Persona::kVllm);
  plan.usage.completion_tokens = 2000;
  int text_events = 0;
  int tokens = 0;
  for (const Write& write : RunStream(plan, 5000)) {
    text_events += write.step.text_events;
    tokens += write.step.tokens;
  }
  EXPECT_EQ(tokens, 2000);
  EXPECT_NEAR(text_events, 1940, 30);
}

TEST(StreamReply, LlamaServerHoldsTextBackAndJoinsItsLastEvents) {
  StreamPlan plan = Plan(Persona::kLlamaServer);
  plan.usage.completion_tokens = 300;
  const std::vector<std::string> chunks = ChunksOf(plan);
  // role, about two thirds of the texts, one chunk with finish, usage and [DONE], the last chunk
  EXPECT_NEAR(static_cast<double>(chunks.size()), 203, 25);
  EXPECT_THAT(chunks[chunks.size() - 2],
              HasSubstr(R"("finish_reason":"length","index":0,"delta":{}}])"));
  EXPECT_THAT(chunks[chunks.size() - 2], HasSubstr("\"timings\""));
  EXPECT_THAT(chunks[chunks.size() - 2], HasSubstr("data: [DONE]\n\n"));
  EXPECT_THAT(absl::StrJoin(chunks, ""), HasSubstr(R"("delta":{"content":" the of)"));
}

TEST(StreamReply, LlamaServerSendsNothingBeforeTheFirstText) {
  const std::vector<Write> writes = RunStream(Plan(Persona::kLlamaServer));
  EXPECT_EQ(writes[0].bytes, "");
  EXPECT_THAT(AllBytes(writes), HasSubstr("\r\nTransfer-Encoding: chunked\r\n"));
  EXPECT_THAT(AllBytes(writes), HasSubstr("\r\nKeep-Alive: timeout=5, max=100\r\n"));
}

TEST(StreamReply, LlamaCompletionsCarryUsageOnTheFinishEventUnasked) {
  StreamPlan plan = Plan(Persona::kLlamaServer, ApiKind::kCompletions);
  plan.usage_asked = false;
  EXPECT_THAT(AllBytes(RunStream(plan)), HasSubstr(R"("usage":{"completion_tokens":2)"));
}

TEST(StreamReply, DynamoSpeaksItsRoleInTheFirstText) {
  const std::vector<std::string> chunks = ChunksOf(Plan(Persona::kDynamo));
  ASSERT_EQ(chunks.size(), 6u);
  EXPECT_EQ(
      chunks[0],
      "data: {\"id\":\"id-1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" the\",\"role\":"
      "\"assistant\"},\"finish_reason\":null,\"logprobs\":null}],\"created\":5,\"model\":\"m\","
      "\"object\":\"chat.completion.chunk\"}\n\n");
  EXPECT_THAT(chunks[1], Not(HasSubstr("role")));
  EXPECT_THAT(chunks[2], HasSubstr(R"("delta":{},"finish_reason":"length")"));
}

TEST(StreamReply, TransformersHasNoDoneAndUsageUnasked) {
  StreamPlan plan = Plan(Persona::kTransformers);
  plan.usage_asked = false;
  const std::vector<std::string> chunks = ChunksOf(plan);
  ASSERT_EQ(chunks.size(), 5u);
  EXPECT_THAT(chunks[0], HasSubstr(R"("delta":{"role":"assistant"})"));
  EXPECT_THAT(chunks[3], HasSubstr(R"("finish_reason":"length"}],)"));
  EXPECT_THAT(chunks[3],
              HasSubstr(R"("usage":{"completion_tokens":2,"prompt_tokens":4,"total_tokens":6})"));
  EXPECT_EQ(chunks[4], "");
}

TEST(StreamReply, LiteLlmUsageEventHasAChoice) {
  const std::vector<std::string> chunks = ChunksOf(Plan(Persona::kLiteLlm));
  ASSERT_EQ(chunks.size(), 6u);
  EXPECT_THAT(chunks[0], HasSubstr(R"("delta":{"role":"assistant","content":" the"})"));
  EXPECT_THAT(chunks[3], HasSubstr(R"("choices":[{"index":0,"delta":{}}],"usage":{)"));
}

TEST(StreamReply, LiteLlmCompletionsCarryZeroUsageUnasked) {
  StreamPlan plan = Plan(Persona::kLiteLlm, ApiKind::kCompletions);
  plan.usage_asked = false;
  const std::vector<std::string> chunks = ChunksOf(plan);
  ASSERT_EQ(chunks.size(), 5u);
  EXPECT_THAT(chunks[0], HasSubstr(R"("usage":{"completion_tokens":0,)"));
  EXPECT_THAT(chunks[2], HasSubstr(R"("choices":[{"finish_reason":"length","index":0}],)"));
}

TEST(StreamReply, UsageComesOnlyWhenAsked) {
  StreamPlan plan = Plan(Persona::kOpenAi);
  plan.usage_asked = false;
  EXPECT_THAT(AllBytes(RunStream(plan)), Not(HasSubstr("usage")));
}

TEST(StreamReply, EventsLeaveAtAbsoluteTimes) {
  StreamPlan plan = Plan(Persona::kOpenAi);
  plan.usage.completion_tokens = 4;
  const std::vector<Write> writes = RunStream(plan);
  ASSERT_EQ(writes.size(), 5u);
  for (size_t i = 1; i < writes.size(); ++i) {
    EXPECT_EQ(writes[i].at_ns, (40 + 10 * static_cast<int64_t>(i)) * kReplyMs);
  }
  EXPECT_EQ(writes[4].step.end, ReplyEnd::kDone);
}

TEST(StreamReply, SeveralTokensShareAnEvent) {
  StreamPlan plan = Plan(Persona::kOpenAi);
  plan.usage.completion_tokens = 5;
  plan.tokens_per_event = 2;
  const std::vector<Write> writes = RunStream(plan);
  ASSERT_EQ(writes.size(), 4u);
  EXPECT_THAT(writes[1].bytes, HasSubstr("\"content\":\" the of\""));
  EXPECT_EQ(writes[2].at_ns, 70 * kReplyMs);
  EXPECT_EQ(writes[3].step.tokens, 1);
}

TEST(StreamReply, SeveralEventsShareAWrite) {
  StreamPlan plan = Plan(Persona::kOpenAi);
  plan.usage.completion_tokens = 5;
  plan.events_per_write = 3;
  const std::vector<Write> writes = RunStream(plan);
  ASSERT_EQ(writes.size(), 3u);
  EXPECT_EQ(writes[1].step.text_events, 3);
  EXPECT_EQ(writes[2].step.text_events, 2);
  EXPECT_EQ(writes[2].at_ns, 80 * kReplyMs);
}

TEST(StreamReply, ReasoningComesFirstAndNeverSharesAnEventWithText) {
  StreamPlan plan = Plan(Persona::kVllm);
  plan.usage = {.prompt_tokens = 1, .completion_tokens = 4, .reasoning_tokens = 3};
  plan.tokens_per_event = 2;
  const std::string all = AllBytes(RunStream(plan));
  EXPECT_THAT(all, HasSubstr(R"("delta":{"reasoning":" the of"})"));
  EXPECT_THAT(all, HasSubstr(R"("delta":{"reasoning":" and"})"));
  EXPECT_THAT(all, HasSubstr(R"("delta":{"content":" to"})"));
}

TEST(StreamReply, ModelNameCannotBreakTheJson) {
  StreamPlan plan = Plan(Persona::kOpenAi);
  plan.identity.model = "a\"$choices\\$tail";
  EXPECT_THAT(AllBytes(RunStream(plan)), HasSubstr(R"("model":"a\"$choices\\$tail","choices":[)"));
}

TEST(StreamReply, CommentsFillSilence) {
  StreamPlan plan = Plan(Persona::kOpenAi);
  plan.comment_interval_ns = 20 * kReplyMs;
  const std::vector<Write> writes = RunStream(plan);
  ASSERT_EQ(writes.size(), 5u);
  EXPECT_EQ(writes[1].bytes, "3\r\n:\n\n\r\n");
  EXPECT_EQ(writes[1].at_ns, 20 * kReplyMs);
  EXPECT_EQ(writes[2].at_ns, 40 * kReplyMs);
  EXPECT_EQ(writes[3].at_ns, 50 * kReplyMs);
}

TEST(StreamReply, NoCommentBeforeTheHead) {
  StreamPlan plan = Plan(Persona::kLlamaServer);
  plan.comment_interval_ns = 20 * kReplyMs;
  EXPECT_EQ(RunStream(plan)[1].bytes, "");
}

TEST(StreamReply, StallKeepsSilentForEver) {
  StreamPlan plan = Plan(Persona::kOpenAi);
  plan.fault = {.kind = FaultKind::kStall, .position = 0};
  StreamReply reply(plan);
  std::string bytes;
  reply.Open(&bytes);
  reply.Begin(0);
  EXPECT_EQ(reply.Step(&bytes).tokens, 1);
  bytes.clear();
  EXPECT_EQ(reply.Step(&bytes).end, ReplyEnd::kNotYet);
  EXPECT_EQ(bytes, "");
  EXPECT_EQ(reply.next_due_ns(), kNeverNs);
}

TEST(StreamReply, StallMayBreakOffBeforeTheEndEvents) {
  StreamPlan plan = Plan(Persona::kOpenAi);
  plan.fault = {.kind = FaultKind::kStall, .position = 0.99};
  const std::string all = AllBytes(RunStream(plan));
  EXPECT_THAT(all, HasSubstr("\" of\""));
  EXPECT_THAT(all, Not(HasSubstr("[DONE]")));
}

TEST(StreamReply, TruncatedAndResetStreamsHaveNoLastChunk) {
  for (const auto& [kind, end] : {std::pair(FaultKind::kTruncate, ReplyEnd::kClose),
                                  std::pair(FaultKind::kReset, ReplyEnd::kReset)}) {
    StreamPlan plan = Plan(Persona::kOpenAi);
    plan.fault = {.kind = kind, .position = 0.5};
    const std::vector<Write> writes = RunStream(plan);
    EXPECT_EQ(writes.back().step.end, end);
    EXPECT_THAT(AllBytes(writes), Not(testing::EndsWith("0\r\n\r\n")));
  }
}

TEST(StreamReply, AnUnfinishedStreamEndsProperlyAndAnnouncesNothing) {
  for (const double position : {0.0, 0.5, 0.99}) {
    StreamPlan plan = Plan(Persona::kVllm);
    plan.usage_asked = true;
    plan.fault = {.kind = FaultKind::kUnfinished, .position = position};
    const std::vector<Write> writes = RunStream(plan);
    EXPECT_EQ(writes.back().step.end, ReplyEnd::kDone);
    const std::string all = AllBytes(writes);
    EXPECT_THAT(all, testing::EndsWith("0\r\n\r\n"));
    for (const char* announced : {"[DONE]", "\"usage\": {", "\"finish_reason\": \"", "\"usage\":{",
                                  "\"finish_reason\":\""}) {
      EXPECT_THAT(all, Not(HasSubstr(announced))) << position;
    }
  }
}

TEST(StreamReply, ErrorEventIsFollowedByAProperEnd) {
  StreamPlan plan = Plan(Persona::kVllm);
  plan.fault = {.kind = FaultKind::kStreamError, .position = 0};
  const std::vector<std::string> chunks = ChunksOf(plan);
  ASSERT_GE(chunks.size(), 4u);
  EXPECT_THAT(chunks[chunks.size() - 3], HasSubstr(R"({"error": {"message": "EngineCore)"));
  EXPECT_EQ(chunks[chunks.size() - 2], "data: [DONE]\n\n");
  EXPECT_EQ(chunks.back(), "");
}

TEST(StreamReply, AnEmptyAnswerHasAFinishAndNoText) {
  for (const Persona persona : {Persona::kOpenAi, Persona::kVllm, Persona::kLlamaServer,
                                Persona::kDynamo, Persona::kTransformers, Persona::kLiteLlm}) {
    StreamPlan plan = Plan(persona);
    plan.usage.completion_tokens = 0;
    plan.identity.finish_reason = "stop";
    plan.fault = {.kind = FaultKind::kEmpty};
    const std::vector<Write> writes = RunStream(plan);
    const std::string all = AllBytes(writes);
    EXPECT_EQ(writes.back().step.end, ReplyEnd::kDone);
    EXPECT_EQ(writes.back().at_ns, 50 * kReplyMs);
    EXPECT_THAT(all, HasSubstr(R"("finish_reason":"stop")"));
    EXPECT_THAT(all, HasSubstr(R"("completion_tokens":0)"));
    EXPECT_THAT(all, Not(HasSubstr(" the")));
    EXPECT_THAT(all, testing::EndsWith("0\r\n\r\n"));
  }
}

TEST(StreamReply, FinishReasonErrorComesBehindAllTokens) {
  StreamPlan plan = Plan(Persona::kOpenAi);
  plan.identity.finish_reason = "error";
  plan.fault = {.kind = FaultKind::kFinishError};
  const std::string all = AllBytes(RunStream(plan));
  EXPECT_THAT(all, HasSubstr("\" of\""));
  EXPECT_THAT(all, HasSubstr(R"("finish_reason":"error")"));
  EXPECT_THAT(all, HasSubstr("[DONE]"));
}

TEST(StreamReply, AnOpenBodyNeverEnds) {
  StreamPlan plan = Plan(Persona::kOpenAi);
  plan.fault = {.kind = FaultKind::kOpenBody};
  plan.events_per_write = 9;
  const std::vector<Write> writes = RunStream(plan);
  EXPECT_EQ(writes.back().step.end, ReplyEnd::kNotYet);
  EXPECT_EQ(writes.back().step.tokens, 2);
  EXPECT_THAT(AllBytes(writes), testing::EndsWith("data: [DONE]\n\n\r\n"));
}

TEST(StreamReply, AnOpenBodyStillHasComments) {
  StreamPlan plan = Plan(Persona::kOpenAi);
  plan.fault = {.kind = FaultKind::kOpenBody};
  plan.comment_interval_ns = 20 * kReplyMs;
  const std::vector<Write> writes = RunStream(plan, /*max_steps=*/20);
  EXPECT_EQ(writes.size(), 21u);
  EXPECT_THAT(writes.back().bytes, HasSubstr(":\n\n"));
}

TEST(StreamReply, OddUsageStandsInPlaceOfCounts) {
  const std::pair<OddUsage, const char*> cases[] = {
      {OddUsage::kNull, R"("prompt_tokens":null,"completion_tokens":null,)"},
      {OddUsage::kText, R"("prompt_tokens":"4","completion_tokens":"2",)"},
      {OddUsage::kNegative, R"("prompt_tokens":-1,"completion_tokens":-1,)"},
      {OddUsage::kHuge, R"("completion_tokens":9007199254740993,)"}};
  for (const auto& [odd, text] : cases) {
    StreamPlan plan = Plan(Persona::kOpenAi);
    plan.usage.odd = odd;
    EXPECT_THAT(AllBytes(RunStream(plan)), HasSubstr(text));
  }
}

TEST(StreamReply, BareEventsForHttp10) {
  StreamPlan plan = Plan(Persona::kOpenAi);
  plan.head.chunked = false;
  const std::string all = AllBytes(RunStream(plan));
  EXPECT_THAT(all, HasSubstr("\r\n\r\ndata: {"));
  EXPECT_THAT(all, testing::EndsWith("data: [DONE]\n\n"));
}

}  // namespace
}  // namespace drumfire::mock
