// Does each persona refuse what its server refuses, in its own shape?
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/mock_server/api.h"
#include "tools/mock_server/fd_timer_heap.h"

namespace drumfire::mock {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

struct Case {
  Persona persona;
  absl::string_view body;
  int status;
  absl::string_view shape;  // somewhere in the body
};

// The bytes of the answer to a chat request.
std::string Ask(MockOptions options, absl::string_view body, absl::string_view path,
                absl::string_view content_type = "application/json") {
  const ServerMetrics metrics;
  Api api(&options, &metrics);
  HttpRequest request;
  request.method = "POST";
  request.path = std::string(path);
  request.content_type = std::string(content_type);
  request.body = std::string(body);
  const Answer answer = api.Respond(request, true, 0);
  std::string bytes;
  answer.reply->Open(&bytes);
  answer.reply->Begin(0);
  if (answer.reply->next_due_ns() != kNeverNs) answer.reply->Step(&bytes);
  return bytes;
}

std::string AskChat(Persona persona, absl::string_view body) {
  MockOptions options;
  options.persona = persona;
  return Ask(options, body, "/v1/chat/completions");
}

TEST(RequestCheck, BadJsonInFiveShapes) {
  const Case cases[] = {
      {Persona::kOpenAi, "{", 400, R"({"error":{"message":"body is not JSON)"},
      {Persona::kVllm, "{", 400, R"("type":"BadRequestError","param":null,"code":400}})"},
      {Persona::kLlamaServer, "{", 500, R"({"error":{"code":500,"message":)"},
      {Persona::kDynamo, "{", 400, R"({"message":"body is not JSON)"},
      {Persona::kTransformers, "{", 422, R"({"detail":[{)"},
      {Persona::kLiteLlm, "{", 400, R"("code":"400"}})"}};
  for (const Case& expected : cases) {
    const std::string answer = AskChat(expected.persona, expected.body);
    EXPECT_THAT(answer, StartsWith(absl::StrCat("HTTP/1.1 ", expected.status, " ")));
    EXPECT_THAT(answer, HasSubstr(std::string(expected.shape)));
  }
}

TEST(RequestCheck, VendorFieldsAreRefusedByDynamoAndTransformers) {
  constexpr absl::string_view kUnknown = R"({"messages":[],"drumfire_x":1})";
  EXPECT_THAT(AskChat(Persona::kDynamo, kUnknown),
              HasSubstr("Unsupported parameter(s): `drumfire_x`"));
  EXPECT_THAT(AskChat(Persona::kTransformers, kUnknown), StartsWith("HTTP/1.1 422 "));
  EXPECT_THAT(AskChat(Persona::kVllm, kUnknown), StartsWith("HTTP/1.1 200 "));
  constexpr absl::string_view kIgnoreEos = R"({"messages":[],"ignore_eos":true})";
  EXPECT_THAT(AskChat(Persona::kDynamo, kIgnoreEos), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(AskChat(Persona::kTransformers, kIgnoreEos), StartsWith("HTTP/1.1 422 "));
}

TEST(RequestCheck, TokenLimitBelowOne) {
  constexpr absl::string_view kZero = R"({"messages":[],"max_tokens":0})";
  EXPECT_THAT(AskChat(Persona::kVllm, kZero), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(AskChat(Persona::kTransformers, kZero), HasSubstr("\r\n\r\nInternal Server Error"));
  EXPECT_THAT(AskChat(Persona::kLlamaServer, kZero), HasSubstr(R"("completion_tokens":1)"));
  constexpr absl::string_view kNegative = R"({"messages":[],"max_tokens":-1})";
  EXPECT_THAT(AskChat(Persona::kLlamaServer, kNegative), HasSubstr(R"("completion_tokens":4096)"));
}

TEST(RequestCheck, UnknownModel) {
  MockOptions options;
  options.only_this_model = true;
  constexpr absl::string_view kBody = R"({"messages":[],"model":"other"})";
  constexpr absl::string_view kPath = "/v1/chat/completions";
  options.persona = Persona::kVllm;
  EXPECT_THAT(Ask(options, kBody, kPath), StartsWith("HTTP/1.1 404 "));
  options.persona = Persona::kLlamaServer;
  EXPECT_THAT(Ask(options, kBody, kPath), StartsWith("HTTP/1.1 200 "));
  options.persona = Persona::kDynamo;
  EXPECT_THAT(Ask(options, kBody, kPath), testing::EndsWith("content-length: 0\r\n\r\n"));
}

TEST(RequestCheck, UsageNamesCachedTokensOnlyOfACache) {
  MockOptions options;
  constexpr absl::string_view kPath = "/v1/completions";
  constexpr absl::string_view kBody = R"({"prompt":"a"})";
  EXPECT_THAT(Ask(options, kBody, kPath), testing::Not(HasSubstr("cached_tokens")));
  options.prefix_cache = true;
  EXPECT_THAT(Ask(options, kBody, kPath),
              HasSubstr(R"("prompt_tokens_details":{"cached_tokens":0})"));
}

TEST(RequestCheck, ContentType) {
  MockOptions options;
  constexpr absl::string_view kPath = "/v1/completions";
  constexpr absl::string_view kBody = R"({"prompt":"a"})";
  options.persona = Persona::kDynamo;
  EXPECT_THAT(Ask(options, kBody, kPath, "text/plain"), StartsWith("HTTP/1.1 415 "));
  EXPECT_THAT(Ask(options, kBody, kPath, "application/json; charset=utf-8"),
              StartsWith("HTTP/1.1 200 "));
  options.persona = Persona::kLlamaServer;
  EXPECT_THAT(Ask(options, kBody, kPath, "text/plain"), StartsWith("HTTP/1.1 200 "));
}

TEST(RequestCheck, TokenIdsAreRefusedByTransformersOnly) {
  MockOptions options;
  options.persona = Persona::kTransformers;
  constexpr absl::string_view kBody = R"({"prompt":[1,2]})";
  EXPECT_THAT(Ask(options, kBody, "/v1/completions"), HasSubstr("prompt must be a string."));
  options.persona = Persona::kVllm;
  EXPECT_THAT(Ask(options, kBody, "/v1/completions"), HasSubstr(R"("prompt_tokens":2)"));
}

TEST(RequestCheck, StreamOptionsCanBeRefused) {
  MockOptions options;
  options.refuse_stream_options = true;
  const std::string answer =
      Ask(options, R"({"messages":[],"stream":true,"stream_options":{"include_usage":true}})",
          "/v1/chat/completions");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(answer, HasSubstr("stream_options"));
}

TEST(RequestCheck, WholeAnswerIsChunkedByDynamoOnly) {
  constexpr absl::string_view kBody = R"({"messages":[],"max_tokens":1})";
  const std::string chunked = AskChat(Persona::kDynamo, kBody);
  EXPECT_THAT(chunked, HasSubstr("\r\ntransfer-encoding: chunked\r\n"));
  EXPECT_THAT(chunked, testing::EndsWith("}\r\n0\r\n\r\n"));
  EXPECT_THAT(AskChat(Persona::kVllm, kBody), HasSubstr("\r\ncontent-length: "));
}

TEST(RequestCheck, LiteLlmHeadersTestWholeNameMatching) {
  EXPECT_THAT(AskChat(Persona::kLiteLlm, R"({"messages":[],"max_tokens":1})"),
              HasSubstr("\r\nllm_provider-transfer-encoding: chunked\r\n"));
}

}  // namespace
}  // namespace drumfire::mock
