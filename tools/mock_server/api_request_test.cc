// Is a body read as the real servers read it?
#include "tools/mock_server/api_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace drumfire::mock {
namespace {

absl::StatusOr<ApiRequest> Parse(ApiKind kind, absl::string_view body) {
  simdjson::dom::parser parser;
  return ParseApiRequest(kind, body, &parser);
}

ApiRequest ParseChat(absl::string_view body) {
  const absl::StatusOr<ApiRequest> request = Parse(ApiKind::kChat, body);
  EXPECT_TRUE(request.ok()) << request.status();
  return request.ok() ? *request : ApiRequest();
}

TEST(ApiRequest, RefusesBrokenBodies) {
  for (const absl::string_view body :
       {"", "{", "[]", "17", "{}", R"({"prompt":"a"})", R"({"messages":[],"model":5})",
        R"({"messages":[],"stream":"yes"})", R"({"messages":[],"max_tokens":"9"})",
        R"({"messages":[],"max_tokens":1.5})", R"({"messages":[],"stream_options":true})"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(Parse(ApiKind::kChat, body).status())) << body;
  }
}

TEST(ApiRequest, ErrorNamesTheField) {
  const absl::Status status = Parse(ApiKind::kChat, R"({"messages":[],"max_tokens":"9"})").status();
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("'max_tokens'"));
}

TEST(ApiRequest, CountsTheWordsOfAllMessages) {
  const ApiRequest request = ParseChat(
      R"({"model":"m","messages":[{"role":"system","content":" be  brief"},)"
      R"({"role":"user","content":[{"type":"text","text":"one two\nthree"},{"type":"image_url"}]}]})");
  EXPECT_EQ(request.model, "m");
  EXPECT_EQ(request.prompt_tokens, 5);
}

TEST(ApiRequest, NewerLimitWinsInAnyOrder) {
  EXPECT_EQ(ParseChat(R"({"messages":[],"max_tokens":3,"max_completion_tokens":7})").max_tokens, 7);
  EXPECT_EQ(ParseChat(R"({"messages":[],"max_completion_tokens":7,"max_tokens":3})").max_tokens, 7);
  EXPECT_EQ(ParseChat(R"({"messages":[],"max_tokens":3})").max_tokens, 3);
  EXPECT_FALSE(ParseChat(R"({"messages":[],"max_tokens":null})").max_tokens.has_value());
}

TEST(ApiRequest, SeesStreamAndItsOptions) {
  const ApiRequest request =
      ParseChat(R"({"messages":[],"stream":true,"stream_options":{"include_usage":true}})");
  EXPECT_TRUE(request.stream);
  EXPECT_TRUE(request.include_usage);
  EXPECT_TRUE(request.has_stream_options);
  EXPECT_FALSE(ParseChat(R"({"messages":[],"stream":null,"stream_options":null})").stream);
}

TEST(ApiRequest, NamesVendorFieldsOnly) {
  const ApiRequest request =
      ParseChat(R"({"messages":[],"temperature":0,"ignore_eos":true,"user":"u","min_tokens":3})");
  EXPECT_THAT(request.vendor_fields, testing::ElementsAre("ignore_eos", "min_tokens"));
}

TEST(ApiRequest, KnowsTokenIdsFromTexts) {
  const absl::StatusOr<ApiRequest> ids = Parse(ApiKind::kCompletions, R"({"prompt":[1,2,3]})");
  ASSERT_TRUE(ids.ok());
  EXPECT_TRUE(ids->prompt_is_token_ids);
  EXPECT_EQ(ids->prompt_tokens, 3);
  const absl::StatusOr<ApiRequest> texts = Parse(ApiKind::kCompletions, R"({"prompt":["a b"]})");
  ASSERT_TRUE(texts.ok());
  EXPECT_FALSE(texts->prompt_is_token_ids);
  EXPECT_EQ(texts->prompt_tokens, 2);
}

TEST(ApiRequest, CountsEmbeddingInputs) {
  EXPECT_EQ(Parse(ApiKind::kEmbeddings, R"({"input":["a b","c"]})")->inputs, 2);
  EXPECT_EQ(Parse(ApiKind::kEmbeddings, R"({"input":"a b"})")->inputs, 1);
  EXPECT_EQ(Parse(ApiKind::kEmbeddings, R"({"input":[1,2]})")->inputs, 1);
  EXPECT_EQ(Parse(ApiKind::kEmbeddings, R"({"input":[[1,2],[3]]})")->inputs, 2);
}

TEST(ApiRequest, TextsAreKeptOnRequest) {
  simdjson::dom::parser parser;
  constexpr absl::string_view kBody =
      R"({"messages":[{"role":"system","content":"a b"},{"role":"user","content":[{"type":"text","text":"c"}]}]})";
  EXPECT_EQ(ParseApiRequest(ApiKind::kChat, kBody, &parser)->prompt_text, "");
  EXPECT_EQ(ParseApiRequest(ApiKind::kChat, kBody, &parser, true)->prompt_text, " a b c");
  EXPECT_EQ(
      ParseApiRequest(ApiKind::kCompletions, R"({"prompt":[7,8]})", &parser, true)->prompt_text,
      " 7 8");
}

}  // namespace
}  // namespace drumfire::mock
