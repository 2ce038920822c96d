// Is a model taken for ready only when it answers, and is the cause named when it does not?
#include "coordinator/run/probe_answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace drumfire {
namespace {

using ::testing::HasSubstr;

const Dialect& kChat = *FindDialect(v1::ENDPOINT_CHAT);

ProbeAnswer Answer(long status, const char* body) { return {"", false, status, body}; }

TEST(InferenceProbeTest, RefusalsAreToldWithTheirBody) {
  EXPECT_EQ(WhyNoInference({"Connection refused", false, 0, ""}, kChat), "Connection refused");
  EXPECT_EQ(WhyNoInference(Answer(404, "{\n \"detail\":  \"no model\"}"), kChat),
            "status 404, { \\\"detail\\\": \\\"no model\\\"}");
  EXPECT_EQ(WhyNoInference(Answer(503, ""), kChat), "status 503, an empty body");
}

// Servers say 200 and mean an error.
TEST(InferenceProbeTest, ErrorsBehindAGoodStatusAreNoAnswer) {
  for (const char* body : {R"({"error":{"message":"x"}})", R"({"object":"error","message":"x"})",
                           R"({"choices":[{"finish_reason":"error"}]})",
                           "data: {\"choices\":[{\"delta\":{}}]}\n\ndata: {\"error\":\"x\"}\n\n"}) {
    EXPECT_THAT(WhyNoInference(Answer(200, body), kChat), HasSubstr("with an error in the body"))
        << body;
  }
  for (const char* body : {"", "<html>", "{}", R"({"choices":[]})", "data: [DONE]\n\n", "[1]"}) {
    EXPECT_THAT(WhyNoInference(Answer(200, body), kChat), HasSubstr("without a choice")) << body;
  }
}

TEST(InferenceProbeTest, ChoicesAndEmbeddingsAreAnswers) {
  for (const char* body :
       {R"({"error":null,"choices":[{"message":{"content":"a"}}]})",
        "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\r\n\r\ndata: [DONE]\n\n"}) {
    EXPECT_EQ(WhyNoInference(Answer(200, body), kChat), "") << body;
  }
}

TEST(InferenceProbeTest, AnAnswerOfAnotherDialectIsNone) {
  const Dialect& embeddings = *FindDialect(v1::ENDPOINT_EMBEDDINGS);
  const ProbeAnswer vectors = Answer(200, R"({"data":[{"embedding":[0.5]}]})");
  EXPECT_EQ(WhyNoInference(vectors, embeddings), "");
  EXPECT_THAT(WhyNoInference(vectors, kChat), HasSubstr("without a choice"));
  EXPECT_THAT(WhyNoInference(Answer(200, R"({"data":[]})"), embeddings),
              HasSubstr("without a choice"));
}

TEST(ModelsProbeTest, NamesAreLookedForInTheList) {
  const char* body = R"({"object":"list","data":[{"id":"a"},{"x":1},{"id":"b"}]})";
  EXPECT_EQ(WhyNotListed(Answer(200, body), "b", kChat), "");
  EXPECT_EQ(WhyNotListed(Answer(200, body), "c", kChat), "it lists \"a\", \"b\"");
  EXPECT_EQ(WhyNotListed(Answer(200, R"({"data":[]})"), "c", kChat), "it lists no model");
  EXPECT_EQ(WhyNotListed(Answer(200, "[]"), "c", kChat), "no list of models: []");
  EXPECT_EQ(WhyNotListed(Answer(404, ""), "c", kChat), "status 404, an empty body");
}

TEST(ModelsProbeTest, LongListsAreCut) {
  EXPECT_EQ(QuotedNames({"a", "b", "c", "d", "e", "f", "g"}),
            "\"a\", \"b\", \"c\", \"d\", \"e\" and 2 more");
}

TEST(AdviceTest, FollowsTheCause) {
  EXPECT_THAT(AdviceFor({"", true, 0, ""}, false), HasSubstr("--ca-cert"));
  EXPECT_THAT(AdviceFor({"refused", false, 0, ""}, false), HasSubstr("--url"));
  EXPECT_THAT(AdviceFor(Answer(401, ""), true), HasSubstr("--api-key"));
  EXPECT_THAT(AdviceFor(Answer(404, ""), true), HasSubstr("--wait-for-model-mode inference"));
  EXPECT_THAT(AdviceFor(Answer(200, ""), true), HasSubstr("--model"));
  EXPECT_THAT(AdviceFor(Answer(404, ""), false), HasSubstr("--endpoint-type"));
  EXPECT_THAT(AdviceFor(Answer(422, ""), false), HasSubstr("--extra-inputs"));
  EXPECT_THAT(AdviceFor(Answer(503, ""), false), HasSubstr("wait longer"));
}

}  // namespace
}  // namespace drumfire
