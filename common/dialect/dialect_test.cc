// Has each endpoint type one whole dialect, and do bodies hold what they are made from?
#include "common/dialect/dialect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "common/dialect/body_template.h"
#include "common/dialect/openai.h"

namespace drumfire {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

constexpr int kUnknownType = 99;

v1::Endpoint EndpointOf(v1::EndpointType type) {
  v1::Endpoint endpoint;
  endpoint.set_type(type);
  return endpoint;
}

std::string Body(const v1::Endpoint& endpoint, const BodyInput& input) {
  std::string out;
  BodyTemplate::Create(DialectOf(endpoint), endpoint)->AppendBody(input, &out);
  return out;
}

TEST(DialectErrors, AnUnknownTypeHasNone) {
  EXPECT_EQ(FindDialect(static_cast<v1::EndpointType>(kUnknownType)), nullptr);
}

TEST(DialectDeathTest, AnUnknownTypeOfAValidatedPlanEndsTheProcess) {
  const v1::Endpoint endpoint = EndpointOf(static_cast<v1::EndpointType>(kUnknownType));
  EXPECT_DEATH(DialectOf(endpoint), "no dialect for endpoint type 99");
}

TEST(DialectErrors, ExtraInputsThatAreNoObjectAreRefused) {
  v1::Endpoint endpoint = EndpointOf(v1::ENDPOINT_CHAT);
  endpoint.set_extra_inputs_json("[1]");
  EXPECT_EQ(BodyTemplate::Create(DialectOf(endpoint), endpoint).status().message(),
            "extra inputs: expected a JSON object, found: [1]");
}

TEST(Dialect, EachEndpointTypeHasOneOfItsOwn) {
  for (int type = 0; type < v1::EndpointType_ARRAYSIZE; ++type) {
    const Dialect* dialect = FindDialect(static_cast<v1::EndpointType>(type));
    ASSERT_NE(dialect, nullptr) << v1::EndpointType_Name(type);
    EXPECT_EQ(dialect->type, type);
  }
  EXPECT_EQ(Dialects().size(), static_cast<size_t>(v1::EndpointType_ARRAYSIZE));
}

TEST(Dialect, NamesAndPathsTellThemApart) {
  std::set<absl::string_view> names, paths;
  for (const Dialect* dialect : Dialects()) {
    names.insert(dialect->name);
    paths.insert(dialect->path);
    EXPECT_EQ(dialect->path.front(), '/');
    EXPECT_NE(dialect->make_reader(), nullptr);
  }
  EXPECT_EQ(names.size(), Dialects().size());
  EXPECT_EQ(paths.size(), Dialects().size());
}

TEST(Dialect, HasTheTraitsOfItsApi) {
  std::string traits;
  for (const Dialect* dialect : Dialects()) {
    absl::StrAppend(&traits, dialect->name, " ", dialect->produces_tokens,
                    static_cast<int>(dialect->framing), dialect->takes_batches,
                    dialect->takes_roles, dialect->takes_history, dialect->has_legacy_limit, "\n");
  }
  EXPECT_EQ(traits, "chat 110111\ncompletions 110000\nembeddings 001000\n");
}

TEST(Dialect, OnlyOneThatCanStreamDoes) {
  v1::Endpoint chat = EndpointOf(v1::ENDPOINT_CHAT);
  EXPECT_FALSE(IsStreaming(chat));
  chat.set_streaming(true);
  EXPECT_TRUE(IsStreaming(chat));
  v1::Endpoint embeddings = EndpointOf(v1::ENDPOINT_EMBEDDINGS);
  embeddings.set_streaming(true);
  EXPECT_FALSE(IsStreaming(embeddings));
}

TEST(Dialect, TheLongestEndingOfAPathTellsIt) {
  const auto name = [](absl::string_view path) {
    const Dialect* dialect = FindDialectByPath(path);
    return dialect == nullptr ? "none" : dialect->name;
  };
  EXPECT_EQ(name("/v1/chat/completions"), "chat");
  EXPECT_EQ(name("/x/chat/completions"), "chat");
  EXPECT_EQ(name("/v1/completions"), "completions");
  EXPECT_EQ(name("/openai/embeddings"), "embeddings");
  for (const char* other : {"", "/", "completions", "/v1/completions/", "/generate"}) {
    EXPECT_EQ(name(other), "none") << other;
  }
}

TEST(Body, HoldsTheHistoryBeforeTheNewMessage) {
  const std::vector<Message> history = {{"", "hi"}, {"assistant", "a \"b\""}};
  const std::vector<std::string> texts = {"and?"};
  EXPECT_EQ(Body(EndpointOf(v1::ENDPOINT_CHAT),
                 {.model = "m", .history = history, .role = "user", .texts = texts}),
            R"({"messages":[{"role":"user","content":"hi"},)"
            R"({"role":"assistant","content":"a \"b\""},{"role":"user","content":"and?"}],)"
            R"("model":"m","stream":false})");
}

TEST(Body, HasALimitOnlyWhenOneIsAskedFor) {
  const std::vector<std::string> texts = {"x"};
  EXPECT_EQ(Body(EndpointOf(v1::ENDPOINT_COMPLETIONS), {.model = "m", .texts = texts}),
            R"({"prompt":"x","model":"m","stream":false})");
  EXPECT_EQ(
      Body(EndpointOf(v1::ENDPOINT_COMPLETIONS), {.model = "m", .texts = texts, .output_limit = 5}),
      R"({"prompt":"x","model":"m","stream":false,"max_tokens":5})");
}

TEST(Body, TheLegacyLimitHasAnotherNameWhereThereIsOne) {
  const std::vector<std::string> texts = {"x"};
  for (const Dialect* dialect : Dialects()) {
    v1::Endpoint endpoint = EndpointOf(dialect->type);
    const BodyInput input = {.model = "m", .texts = texts, .output_limit = 5};
    const std::string usual = Body(endpoint, input);
    endpoint.set_use_legacy_max_tokens(true);
    EXPECT_EQ(Body(endpoint, input) != usual, dialect->has_legacy_limit) << dialect->name;
  }
}

TEST(Body, ARowsOwnFieldsReplaceOrFollowTheOthers) {
  const std::vector<std::string> texts = {"x"};
  EXPECT_EQ(Body(EndpointOf(v1::ENDPOINT_COMPLETIONS),
                 {.model = "m", .texts = texts, .extra_json = R"({"model":"n","top_k":1})"}),
            R"({"prompt":"x","model":"n","stream":false,"top_k":1})");
}

TEST(Body, AnOverriddenLimitIsAlwaysSent) {
  v1::Endpoint endpoint = EndpointOf(v1::ENDPOINT_COMPLETIONS);
  endpoint.set_extra_inputs_json(R"({"max_tokens":3})");
  const std::vector<std::string> texts = {"x"};
  EXPECT_EQ(Body(endpoint, {.model = "m", .texts = texts}),
            R"({"prompt":"x","model":"m","stream":false,"max_tokens":3})");
}

TEST(Body, AsksForUsageWithTheTextThatIsLookedForAfterARefusal) {
  v1::Endpoint endpoint = EndpointOf(v1::ENDPOINT_CHAT);
  endpoint.set_streaming(true);
  const std::vector<std::string> texts = {"x"};
  EXPECT_THAT(Body(endpoint, {.texts = texts}), ::testing::HasSubstr(std::string(kAskForUsage)));
}

TEST(OpenAiModels, AreTheIdsOfTheList) {
  EXPECT_THAT(OpenAiModelNames(R"({"object":"list","data":[{"id":"a"},{"x":1},{"id":"b"}]})"),
              Optional(ElementsAre("a", "b")));
  EXPECT_THAT(OpenAiModelNames(R"({"data":[]})"), Optional(IsEmpty()));
}

TEST(OpenAiModels, AnythingElseIsNoList) {
  for (const char* body : {"", "[]", "{}", R"({"data":1})", "<html>"}) {
    EXPECT_EQ(OpenAiModelNames(body), std::nullopt) << body;
  }
}

}  // namespace
}  // namespace drumfire
