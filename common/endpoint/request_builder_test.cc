// Are the bytes that we send what servers expect and AIPerf's users know, and can nothing the user
// gives break the framing?
#include "common/endpoint/request_builder.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/dialect/openai.h"
#include "common/plan/version.h"

namespace drumfire {
namespace {

// Entry 0: no output limit; entry 1: 7 tokens; entry 2: a model of its own; entry 3: a role and
// fields of its own.
class FourEntries : public Dataset {
 public:
  uint64_t size() const override { return 3; }
  EntryInfo Info(uint64_t id) const override {
    return {.timestamp_ns = -1, .model = id == 2 ? "row-model" : ""};
  }
  TurnInfo Turn(uint64_t id, uint32_t) const override {
    return {.isl = 1,
            .requested_osl = id == 1 ? 7u : 0u,
            .role = id == 3 ? "system" : "",
            .extra_json = id == 3 ? R"({"temperature":0.10,"o":{"b":2},"model":"x"})" : ""};
  }
  void AppendText(uint64_t id, uint32_t turn, uint32_t batch_index,
                  std::string* out) const override {
    absl::StrAppend(out, "text \"", id, "\"\n", turn == 0 ? "" : absl::StrCat("turn ", turn),
                    batch_index == 0 ? "" : absl::StrCat("#", batch_index));
  }
};

v1::Plan PlanOf(absl::string_view endpoint, absl::string_view url = "http://h:8000") {
  v1::Plan plan;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(std::string(endpoint),
                                                            plan.mutable_endpoint()));
  plan.add_urls(std::string(url));
  plan.add_models("m");
  return plan;
}

struct Built {
  v1::Plan plan;
  FourEntries dataset;
  std::unique_ptr<RequestBuilder> builder;

  explicit Built(v1::Plan made, const v1::RequestSecrets& secrets = {}) : plan(std::move(made)) {
    builder = RequestBuilder::Create(plan, secrets, &dataset).value();
  }
  std::string Body(uint64_t entry) const {
    std::string out;
    builder->AppendBody({.entry = entry}, 0, &out);
    return out;
  }
  std::string Head() const {
    std::string out;
    builder->AppendHead(0, "id-1", "session-1", 42, &out);
    return out;
  }
};

std::string ErrorOf(const v1::Plan& plan) {
  FourEntries dataset;
  return std::string(RequestBuilder::Create(plan, {}, &dataset).status().message());
}

std::string BodyOf(absl::string_view endpoint, uint64_t entry) {
  return Built(PlanOf(endpoint)).Body(entry);
}

TEST(RequestBuilderErrors, RefusesHeadersThatBreakTheHead) {
  EXPECT_TRUE(absl::StrContains(ErrorOf(PlanOf("headers { name: 'X' value: 'a\\r\\nY: b' }")),
                                "\"X\": the value holds a line break"));
  EXPECT_TRUE(
      absl::StrContains(ErrorOf(PlanOf("headers { name: 'X Y' value: 'a' }")), "header \"X Y\""));
  EXPECT_TRUE(absl::StrContains(ErrorOf(PlanOf("headers { name: '' value: 'a' }")), "header \"\""));
  EXPECT_TRUE(absl::StrContains(ErrorOf(PlanOf("headers { name: 'content-length' value: '5' }")),
                                "content-length"));
  EXPECT_TRUE(
      absl::StrContains(ErrorOf(PlanOf("headers { name: 'Transfer-Encoding' value: 'chunked' }")),
                        "Transfer-Encoding"));
}

TEST(RequestBuilderErrors, RefusesATypeThatIsNotKnown) {
  v1::Plan plan = PlanOf("");
  plan.mutable_endpoint()->set_type(static_cast<v1::EndpointType>(99));
  EXPECT_EQ(ErrorOf(plan), "endpoint type 99 is not known");
}

TEST(RequestBuilderErrors, ChecksSecretHeadersAsWell) {
  v1::RequestSecrets secrets;
  secrets.add_headers()->set_name("Bad Name");
  FourEntries dataset;
  EXPECT_FALSE(RequestBuilder::Create(PlanOf(""), secrets, &dataset).ok());
}

TEST(RequestBuilderErrors, RefusesBadUrlsPathsAndExtraInputs) {
  EXPECT_TRUE(absl::StrContains(ErrorOf(PlanOf("", "ftp://h")), "ftp"));
  EXPECT_TRUE(absl::StrContains(ErrorOf(PlanOf("path: '/a b'")), "endpoint path"));
  for (absl::string_view extra : {"{", "[1]", "x", "\"a\""}) {
    EXPECT_TRUE(absl::StrContains(ErrorOf(PlanOf(absl::StrCat("extra_inputs_json: '", extra, "'"))),
                                  "expected a JSON object"))
        << extra;
  }
}

TEST(RequestBuilder, ChatBodyHasAiperfsKeyOrder) {
  EXPECT_EQ(
      BodyOf("streaming: true", 1),
      R"({"messages":[{"role":"user","content":"text \"1\"\n"}],"model":"m","stream":true,"max_completion_tokens":7,)"
      R"("stream_options":{"include_usage":true}})");
  EXPECT_TRUE(absl::StrContains(BodyOf("streaming: true", 1), kAskForUsage));
  EXPECT_EQ(
      BodyOf("", 0),
      R"({"messages":[{"role":"user","content":"text \"0\"\n"}],"model":"m","stream":false})");
}

TEST(RequestBuilder, ObeysTheEndpointsOptions) {
  EXPECT_TRUE(absl::StrContains(BodyOf("use_legacy_max_tokens: true", 1), R"("max_tokens":7)"));
  EXPECT_FALSE(
      absl::StrContains(BodyOf("streaming: true omit_stream_usage: true", 1), "stream_options"));
}

TEST(RequestBuilder, CompletionsBody) {
  EXPECT_EQ(BodyOf("type: ENDPOINT_COMPLETIONS", 1),
            R"({"prompt":"text \"1\"\n","model":"m","stream":false,"max_tokens":7})");
}

TEST(RequestBuilder, EmbeddingsBodyHoldsTheBatch) {
  EXPECT_EQ(BodyOf("type: ENDPOINT_EMBEDDINGS streaming: true batch_size: 2", 1),
            R"({"model":"m","input":["text \"1\"\n","text \"1\"\n#1"]})");
}

TEST(RequestBuilder, TheRowsModelGoesFirst) {
  EXPECT_TRUE(absl::StrContains(BodyOf("", 2), R"("model":"row-model")"));
}

// AIPerf's order: built-in keys, extra inputs, the row's own.
TEST(RequestBuilder, TheRowsOwnFieldsGoOverExtraInputs) {
  EXPECT_EQ(BodyOf(R"(extra_inputs_json: '{"o":{"a":1,"b":1},"temperature":1}')", 3),
            R"({"messages":[{"role":"system","content":"text \"3\"\n"}],"model":"x",)"
            R"("stream":false,"o":{"a":1,"b":2},"temperature":0.10})");
  EXPECT_EQ(BodyOf("type: ENDPOINT_COMPLETIONS", 3),
            R"({"prompt":"text \"3\"\n","model":"x","stream":false,)"
            R"("temperature":0.10,"o":{"b":2}})");
}

TEST(RequestBuilder, ExtraInputsKeepOrderAndSpelling) {
  EXPECT_TRUE(absl::StrContains(
      BodyOf(R"(extra_inputs_json: '{"tools":[{"type":"f","a":1e5}],"seed":18446744073709551616}')",
             0),
      R"("tools":[{"type":"f","a":1e5}],"seed":18446744073709551616})"));
}

TEST(RequestBuilder, MergesExtraInputs) {
  const std::string body = BodyOf(
      R"(streaming: true extra_inputs_json: '{"ignore_eos":true,"stream_options":{"x":null},"max_completion_tokens":3,"a":{"b":[1]}}')",
      1);
  EXPECT_EQ(
      body.substr(body.find("\"stream\"")),
      R"("stream":true,"max_completion_tokens":3,"stream_options":{"include_usage":true,"x":null},"ignore_eos":true,"a":{"b":[1]}})");
}

TEST(RequestBuilder, HeadHoldsWhatAServerNeedsAndNoMore) {
  EXPECT_EQ(Built(PlanOf("streaming: true", "https://H/v1")).Head(),
            absl::StrCat("POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nUser-Agent: drumfire/",
                         kVersion,
                         "\r\nContent-Type: application/json\r\nAccept: "
                         "text/event-stream\r\nX-Request-ID: id-1\r\n"
                         "X-Correlation-ID: session-1\r\nContent-Length: 42\r\n\r\n"));
  EXPECT_TRUE(absl::StrContains(Built(PlanOf("")).Head(), "Accept: application/json\r\n"));
  EXPECT_TRUE(absl::StrContains(Built(PlanOf("type: ENDPOINT_EMBEDDINGS streaming: true")).Head(),
                                "Accept: application/json\r\n"));
}

TEST(RequestBuilder, ASecretQueryIsSentAndNeverShown) {
  v1::RequestSecrets secrets;
  secrets.add_queries("?key=S3CRET");
  const Built built(PlanOf("", "http://h?key=<redacted>"), secrets);
  EXPECT_TRUE(absl::StrContains(built.Head(), "POST /v1/chat/completions?key=S3CRET HTTP/1.1"));
  EXPECT_EQ(built.builder->FullUrl(0), "http://h/v1/chat/completions?key=<redacted>");
}

TEST(RequestBuilder, UsersHeadersTakeThePlaceOfOurs) {
  v1::RequestSecrets secrets;
  secrets.add_headers()->set_name("Authorization");
  secrets.mutable_headers(0)->set_value("Bearer k");
  const std::string head =
      Built(PlanOf("headers { name: 'user-agent' value: 'x' } headers { name: 'HOST' value: 'y' } "
                   "headers { name: 'x-request-id' value: 'z' }"),
            secrets)
          .Head();
  EXPECT_TRUE(absl::StrContains(
      head, "\r\nuser-agent: x\r\nHOST: y\r\nx-request-id: z\r\nAuthorization: Bearer k\r\n"));
  EXPECT_FALSE(absl::StrContains(head, "drumfire") || absl::StrContains(head, "Host: h") ||
               absl::StrContains(head, "id-1"));
}

TEST(RequestBuilder, JoinsUrlsAndPaths) {
  EXPECT_EQ(Built(PlanOf("", "h:1/v1")).builder->FullUrl(0), "http://h:1/v1/chat/completions");
  EXPECT_EQ(Built(PlanOf("type: ENDPOINT_COMPLETIONS", "h")).builder->FullUrl(0),
            "http://h/v1/completions");
  EXPECT_EQ(Built(PlanOf("path: 'custom?x=1'", "h/v1")).builder->FullUrl(0),
            "http://h/v1/custom?x=1");
  EXPECT_EQ(Built(PlanOf("type: ENDPOINT_EMBEDDINGS", "http://h/v1/embeddings?key=1"))
                .builder->FullUrl(0),
            "http://h/v1/embeddings?key=1");
}

TEST(RequestBuilder, ALaterTurnHoldsTheEarlierOnesWithTheirReplies) {
  const std::vector<std::string> replies = {"first \"reply\"", "second"};
  std::string body;
  Built(PlanOf("")).builder->AppendBody({.entry = 3, .turn = 2, .replies = replies}, 0, &body);
  EXPECT_TRUE(absl::StrContains(
      body,
      R"("messages":[{"role":"system","content":"text \"3\"\n"},)"
      R"({"role":"assistant","content":"first \"reply\""},)"
      R"({"role":"system","content":"text \"3\"\nturn 1"},{"role":"assistant","content":"second"},)"
      R"({"role":"system","content":"text \"3\"\nturn 2"}])"))
      << body;
}

TEST(RequestBuilderDeathTest, EveryEarlierTurnHasAReply) {
  std::string body;
  const Built built(PlanOf(""));
  EXPECT_DEATH(built.builder->AppendBody({.entry = 0, .turn = 1}, 0, &body), "was answered");
}

TEST(RequestId, IsAUuidOfVersion4) {
  const std::string id = RequestId(std::string(16, 'r'), 1, 99, 0);
  ASSERT_EQ(id.size(), 36u);
  EXPECT_EQ(id[14], '4');
  EXPECT_TRUE(absl::StrContains("89ab", id.substr(19, 1)));
  for (size_t dash : {8, 13, 18, 23}) EXPECT_EQ(id[dash], '-');
}

TEST(RequestId, FollowsFromTheRunAndNeverRepeats) {
  const std::string run(16, 'r');
  std::string other_run = run;
  other_run[15] = 's';
  EXPECT_EQ(RequestId(run, 0, 5, 0), RequestId(run, 0, 5, 0));
  std::set<std::string> ids;
  for (uint64_t k = 0; k < 1000; ++k) {
    ids.insert({RequestId(run, 0, k, 0), RequestId(run, 1, k, 0), RequestId(other_run, 0, k, 0),
                RequestId(run, 0, k, 1), CorrelationId(run, 0, k)});
  }
  EXPECT_EQ(ids.size(), 5000u);
}

TEST(RequestId, IsTheSameFromThePhasesIds) {
  const std::string run = "0123456789abcdef";
  const PhaseRequestIds ids(run, 3);
  EXPECT_EQ(ids.RequestId(7, 2), RequestId(run, 3, 7, 2));
  EXPECT_EQ(ids.CorrelationId(7), CorrelationId(run, 3, 7));
}

}  // namespace
}  // namespace drumfire
