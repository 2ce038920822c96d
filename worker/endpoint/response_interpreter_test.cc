// Does a connection's every conversation end in the right record, however its bytes are cut into
// reads, and with the right stamps?
#include "worker/endpoint/response_interpreter.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/dialect/dialect.h"
#include "worker/endpoint/wire_samples.h"

namespace drumfire {
namespace {

using Progress = ResponseInterpreter::Progress;

std::string OutcomeOf(const Exchange& exchange) {
  if (exchange.outcome == v1::OUTCOME_COMPLETED) return absl::StrCat("ok ", exchange.http_status);
  return absl::StrCat(v1::ErrorClass_Name(exchange.error), " ", exchange.http_status,
                      exchange.error == v1::ERROR_HTTP_STATUS ? " " + exchange.http_reason : "",
                      " [", exchange.error_message, "]");
}

std::string UsageOf(const Exchange& exchange) {
  if (!exchange.has_usage) return "";
  const v1::Usage& usage = exchange.usage;
  const auto text = [](bool is_sent, uint32_t count) {
    return is_sent ? absl::StrCat(count) : std::string("-");
  };
  std::string out = absl::StrCat(
      " usage=", text(usage.has_prompt_tokens(), usage.prompt_tokens()), "/",
      text(usage.has_completion_tokens(), usage.completion_tokens()), "/",
      text(usage.has_total_tokens(), usage.total_tokens()), exchange.usage_malformed ? "?" : "");
  if (usage.has_reasoning_tokens())
    absl::StrAppend(&out, " reasoning_tokens=", usage.reasoning_tokens());
  if (usage.has_cached_prompt_tokens())
    absl::StrAppend(&out, " cached=", usage.cached_prompt_tokens());
  return out;
}

// "ok 200 text=.. reasoning=.. chunks=n usage=prompt/completion/total keep", parts that are not
// there left out.
std::string SummaryOf(const Exchange& exchange, bool reusable) {
  std::string out = OutcomeOf(exchange);
  if (!exchange.escaped_text.empty()) absl::StrAppend(&out, " text=", exchange.escaped_text);
  if (!exchange.escaped_reasoning.empty())
    absl::StrAppend(&out, " reasoning=", exchange.escaped_reasoning);
  if (exchange.content_chunks > 0) absl::StrAppend(&out, " chunks=", exchange.content_chunks);
  return absl::StrCat(out, UsageOf(exchange), reusable ? " keep" : " close");
}

// One connection with reads that the test makes; each read's memory is gone after it.
class ResponseFeed {
 public:
  explicit ResponseFeed(v1::EndpointType type, InterpreterOptions options = {})
      : reader_(FindDialect(type)->make_reader()),
        interpreter_(reader_.get(), OptionsFor(type, options)) {
    interpreter_.Start(&exchange_);
  }

  bool Read(absl::string_view bytes, int64_t ns) {
    const std::string read(bytes);
    return interpreter_.OnRead(read, {ns, v1::STAMP_USER}) == Progress::kDone;
  }
  void Eof(int64_t ns) { interpreter_.OnEof({ns, v1::STAMP_USER}); }
  std::string Summary() const { return SummaryOf(exchange_, interpreter_.reusable()); }
  const Exchange& exchange() const { return exchange_; }
  ResponseInterpreter& interpreter() { return interpreter_; }

  Exchange& exchange() { return exchange_; }

 private:
  static InterpreterOptions OptionsFor(v1::EndpointType type, InterpreterOptions options) {
    options.makes_tokens = FindDialect(type)->produces_tokens;
    options.output_limit_keys = FindDialect(type)->output_limit_keys;
    return options;
  }

  std::unique_ptr<ResponseReader> reader_;
  Exchange exchange_;
  ResponseInterpreter interpreter_;
};

std::string Interpret(const WireSample& sample, const std::vector<absl::string_view>& reads) {
  ResponseFeed connection(sample.type);
  for (absl::string_view read : reads) {
    if (connection.Read(read, 1)) return connection.Summary();
  }
  connection.Eof(1);
  return connection.Summary();
}

class WireSamples : public testing::TestWithParam<WireSample> {};

TEST_P(WireSamples, GivesTheRightRecord) {
  EXPECT_EQ(Interpret(GetParam(), {GetParam().bytes}), GetParam().expected);
}

TEST_P(WireSamples, GivesTheSameRecordCutAtEveryByte) {
  const absl::string_view bytes = GetParam().bytes;
  std::vector<absl::string_view> single_bytes;
  for (size_t i = 0; i < bytes.size(); ++i) {
    single_bytes.push_back(bytes.substr(i, 1));
    EXPECT_EQ(Interpret(GetParam(), {bytes.substr(0, i), bytes.substr(i)}), GetParam().expected)
        << "cut at " << i;
  }
  EXPECT_EQ(Interpret(GetParam(), single_bytes), GetParam().expected) << "byte by byte";
}

TEST_P(WireSamples, SurvivesChangedBytesAlikeForEveryCut) {
  for (uint32_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    std::mt19937 random(seed);
    WireSample changed = GetParam();
    for (int i = 0; i < 3; ++i)
      changed.bytes[random() % changed.bytes.size()] = static_cast<char>(random());
    const absl::string_view bytes = changed.bytes;
    const size_t cut = random() % bytes.size();
    const std::string whole = Interpret(changed, {bytes});
    const std::string in_two = Interpret(changed, {bytes.substr(0, cut), bytes.substr(cut)});
    EXPECT_EQ(absl::StartsWith(whole, "ok"), absl::StartsWith(in_two, "ok")) << whole << "\n"
                                                                             << in_two;
  }
}

INSTANTIATE_TEST_SUITE_P(All, WireSamples, testing::ValuesIn(AllWireSamples()),
                         [](const auto& info) { return absl::StrCat(info.index); });

const char kHead[] =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

const char kDone[] = "data: [DONE]\n\n";

TEST(ResponseInterpreterErrors, ABodyLeftOpenBehindDoneEndsAtDone) {
  ResponseFeed connection(v1::ENDPOINT_CHAT);
  connection.Read(kHead + Chunk(VllmText("a")), 10);
  EXPECT_FALSE(connection.interpreter().has_ended());
  connection.Read(Chunk(kDone), 20);
  EXPECT_EQ(connection.interpreter().ended_ns(), 20);
  connection.Read(Chunk(":\n\n"), 50);
  EXPECT_EQ(connection.interpreter().ended_ns(), 20) << "comments do not prolong it";
  connection.interpreter().OnBroken(v1::ERROR_TRUNCATED, "late", {120, v1::STAMP_USER});
  EXPECT_EQ(connection.Summary(), "ok 200 text=a chunks=1 close");
  EXPECT_TRUE(connection.exchange().body_left_open);
  EXPECT_EQ(connection.exchange().end_ns, 20);
  EXPECT_EQ(connection.exchange().over_ns, 120);
}

TEST(ResponseInterpreterErrors, ABodyLeftOpenBehindAnErrorEventEndsAtTheError) {
  ResponseFeed connection(v1::ENDPOINT_CHAT);
  connection.Read(kHead + Chunk(VllmText("a")), 10);
  connection.Read(Chunk("data: {\"error\":\"x\"}\n\n"), 20);
  EXPECT_TRUE(connection.interpreter().has_ended());
  connection.interpreter().OnBroken(v1::ERROR_TRUNCATED, "late", {120, v1::STAMP_USER});
  EXPECT_EQ(connection.Summary(), "ERROR_IN_STREAM 200 [{\"error\":\"x\"}] text=a chunks=1 close");
  EXPECT_TRUE(connection.exchange().body_left_open);
  EXPECT_EQ(connection.exchange().end_ns, 20);
}

TEST(ResponseInterpreter, UsageBehindDoneCountsAndTheEndStaysAtDone) {
  ResponseFeed connection(v1::ENDPOINT_CHAT);
  connection.Read(kHead + Chunk(VllmText("a")) + Chunk(kDone), 20);
  connection.Read(Chunk("data: {\"choices\":[],\"usage\":{\"total_tokens\":3}}\n\n"), 30);
  EXPECT_TRUE(connection.Read("0\r\n\r\n", 40));
  EXPECT_EQ(connection.Summary(), "ok 200 text=a chunks=1 usage=-/-/3 keep");
  EXPECT_FALSE(connection.exchange().body_left_open);
  EXPECT_EQ(connection.exchange().end_ns, 20);
  EXPECT_EQ(connection.exchange().over_ns, 40);
}

TEST(ResponseInterpreter, AnAnswerWithoutATokenIsGoodWhenNoneWasAskedFor) {
  const std::string answer =
      kHead + Chunk("data: {\"choices\":[{\"finish_reason\":\"stop\"}]}\n\n") + "0\r\n\r\n";
  for (const char* body : {R"({"max_tokens":0})", R"({"max_completion_tokens": 0,"model":"m"})"}) {
    ResponseFeed connection(v1::ENDPOINT_CHAT);
    connection.exchange().body = std::make_shared<const std::string>(body);
    connection.Read(answer, 1);
    EXPECT_EQ(connection.Summary(), "ok 200 keep") << body;
  }
  for (const char* body : {R"({"max_tokens":10})", R"({"prompt":"\"max_tokens\":0"})"}) {
    ResponseFeed connection(v1::ENDPOINT_CHAT);
    connection.exchange().body = std::make_shared<const std::string>(body);
    connection.Read(answer, 1);
    EXPECT_EQ(connection.exchange().error, v1::ERROR_NO_OUTPUT) << body;
  }
}

TEST(ResponseInterpreter, AnUnannouncedEndIsGoodWhereItIsAccepted) {
  ResponseFeed connection(v1::ENDPOINT_CHAT, {.accept_unannounced_end = true});
  EXPECT_TRUE(connection.Read(kHead + Chunk(VllmText("a")) + "0\r\n\r\n", 1));
  EXPECT_EQ(connection.Summary(), "ok 200 text=a chunks=1 keep");
}

TEST(ResponseInterpreterErrors, AnErrorStatusStaysTheCauseWhenTheConnectionBreaks) {
  ResponseFeed connection(v1::ENDPOINT_CHAT);
  EXPECT_FALSE(connection.Read("HTTP/1.1 503 Busy\r\nContent-Length: 9\r\n\r\nbusy", 5));
  connection.interpreter().OnBroken(v1::ERROR_RESET, "reset", {7, v1::STAMP_USER});
  EXPECT_EQ(connection.Summary(), "ERROR_HTTP_STATUS 503 Busy [busy] close");
  EXPECT_EQ(connection.exchange().end_ns, 7);
}

TEST(ResponseInterpreterErrors, TheEngineMayEndAStream) {
  ResponseFeed connection(v1::ENDPOINT_CHAT);
  EXPECT_FALSE(connection.Read(kHead + Chunk(VllmText("a")), 5));
  connection.interpreter().OnBroken(v1::ERROR_STALLED, "silent for 1 s", {9, v1::STAMP_USER});
  EXPECT_EQ(connection.Summary(), "ERROR_STALLED 200 [silent for 1 s] text=a chunks=1 close");
}

TEST(ResponseInterpreterErrors, NamesAnswersThatAreNotHttp) {
  ResponseFeed connection(v1::ENDPOINT_CHAT);
  EXPECT_TRUE(connection.Read("+OK ready\r\n", 5));
  EXPECT_EQ(connection.Summary(),
            "ERROR_BAD_BODY 0 [not an HTTP/1 response: \"+OK ready\\r\\n\"] close");
}

TEST(ResponseInterpreterErrors, SaysWhereARedirectPoints) {
  ResponseFeed connection(v1::ENDPOINT_CHAT);
  EXPECT_TRUE(connection.Read(
      "HTTP/1.1 301 Moved\r\nLocation: https://h/v1\r\nContent-Length: 4\r\n\r\ngone", 5));
  EXPECT_EQ(connection.Summary(),
            "ERROR_HTTP_STATUS 301 Moved [redirected to https://h/v1, which is not followed] keep");
}

TEST(ResponseInterpreterErrors, BytesBehindTheEndCloseTheConnection) {
  ResponseFeed connection(v1::ENDPOINT_CHAT);
  const std::string answer =
      SizedAnswer("200 OK", "application/json", R"({"choices":[{"message":{"content":"a"}}]})");
  EXPECT_TRUE(connection.Read(answer + "HTTP/1.1 408 Request Timeout\r\n\r\n", 5));
  EXPECT_EQ(connection.Summary(), "ok 200 text=a close");
}

TEST(ResponseInterpreter, AWholeBodysFirstBytesAreItsFirstEvent) {
  ResponseFeed connection(v1::ENDPOINT_CHAT);
  const std::string answer =
      SizedAnswer("200 OK", "application/json", R"({"choices":[{"message":{"content":"a"}}]})");
  connection.Read(answer.substr(0, answer.size() - 5), 3);
  connection.Read(answer.substr(answer.size() - 5), 4);
  EXPECT_EQ(connection.exchange().first_event_ns, 3);
}

// A body without end would hold its slot, and its bytes, for hours.
TEST(ResponseInterpreterErrors, WholeBodiesShareABudget) {
  const InterpreterOptions options = {.body_budget = std::make_shared<ByteBudget>(100)};
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";
  ResponseFeed first(v1::ENDPOINT_CHAT, options);
  ResponseFeed second(v1::ENDPOINT_CHAT, options);
  EXPECT_FALSE(first.Read(head + "{" + std::string(79, ' '), 1));
  EXPECT_FALSE(second.Read(head + "{" + std::string(19, ' '), 2));
  EXPECT_FALSE(second.Read(" ", 3));
  EXPECT_TRUE(second.interpreter().has_ended());
  second.interpreter().OnBroken(v1::ERROR_TRUNCATED, "closed by the engine", {4, v1::STAMP_USER});
  EXPECT_EQ(second.exchange().error, v1::ERROR_CLIENT_LIMIT);
  EXPECT_FALSE(first.Read(std::string(20, ' '), 5)) << "the second gave its bytes back";
  EXPECT_FALSE(first.interpreter().has_ended());
}

TEST(ResponseInterpreterErrors, MessagesAreCut) {
  ResponseFeed connection(v1::ENDPOINT_CHAT);
  EXPECT_TRUE(connection.Read(
      SizedAnswer("500 x", "text/plain", std::string(400, 'a') + std::string(400, '\xFF')), 1));
  EXPECT_EQ(connection.exchange().error_message.size(), 499u);
  EXPECT_EQ(connection.exchange().first_event_ns, 1) << "an error's body is a sign of life too";
}

// Bytes that look like the last event again, where the lines before them make them something else.
TEST(ResponseInterpreterErrors, AKnownShapeDoesNotHideWhatCameBefore) {
  for (const absl::string_view before : {"event: error\n", "data: x\n", "data: x"}) {
    ResponseFeed connection(v1::ENDPOINT_CHAT);
    connection.Read(kHead + Chunk(VllmText("a")) + Chunk(before) + Chunk(VllmText("b")), 1);
    EXPECT_EQ(connection.exchange().outcome, v1::OUTCOME_FAILED) << before;
    EXPECT_EQ(connection.exchange().escaped_text, "a") << before;
  }
}

TEST(ResponseInterpreterErrors, ALineOfAnEventIsNoPartOfTheLastOnesShape) {
  constexpr absl::string_view kFront = R"(data: {"choices":[{"delta":{"content":"a"}})";
  ResponseFeed connection(v1::ENDPOINT_CHAT);
  connection.Read(kHead + Chunk(absl::StrCat(kFront, "\ndata: ]}\n\n")), 1);
  EXPECT_EQ(connection.exchange().escaped_text, "a");
  connection.Read(Chunk(absl::StrCat(kFront, "\n]}\n\n")), 2);
  EXPECT_EQ(connection.exchange().error, v1::ERROR_BAD_BODY);
}

TEST(ResponseInterpreter, TellsHeadEventTokenAndEndApart) {
  ResponseFeed connection(v1::ENDPOINT_CHAT);
  connection.Read(kHead, 10);
  connection.Read(Chunk(VllmText("")), 20);
  connection.Read(Chunk("data: {\"choices\":[{\"delta\":{\"reasoning\":\"r\"}}]}\n\n"), 30);
  connection.Read(Chunk(VllmText("a")), 40);
  connection.Read(Chunk(VllmText("b")), 55);
  EXPECT_TRUE(connection.Read(Chunk("data: [DONE]\n\n") + "0\r\n\r\n", 60));
  const Exchange& exchange = connection.exchange();
  EXPECT_EQ(exchange.head_ns, 10);
  EXPECT_EQ(exchange.first_event_ns, 20);
  EXPECT_EQ(exchange.first_token_ns, 30);
  EXPECT_EQ(exchange.first_output_token_ns, 40);
  EXPECT_EQ(exchange.last_token_ns, 55);
  EXPECT_EQ(exchange.end_ns, 60);
  EXPECT_EQ(exchange.gaps_ns, (std::vector<int64_t>{10, 15}));
  EXPECT_EQ(exchange.reads, 3u);
  EXPECT_EQ(exchange.coalesced_chunks, 0u);
}

TEST(ResponseInterpreter, EventsAreEventsUnderAnyContentType) {
  for (const char* type : {"application/json", "text/plain", "application/octet-stream"}) {
    ResponseFeed connection(v1::ENDPOINT_CHAT);
    EXPECT_TRUE(
        connection.Read(SizedAnswer("200 OK", type, VllmText("a") + "data: [DONE]\n\n"), 5));
    EXPECT_EQ(connection.Summary(), "ok 200 text=a chunks=1 keep") << type;
  }
}

TEST(ResponseInterpreter, TextOfNoEventsIsShownAsItCame) {
  ResponseFeed connection(v1::ENDPOINT_CHAT);
  EXPECT_TRUE(connection.Read(SizedAnswer("200 OK", "text/plain", "internal error"), 5));
  EXPECT_EQ(connection.Summary(), "ERROR_BAD_BODY 200 [internal error] keep");
}

TEST(ResponseInterpreter, WhiteSpaceInAReadOfItsOwnDoesNotDecideWhatTheBodyIs) {
  const std::string answer =
      SizedAnswer("200 OK", "text/event-stream", "\n\n{\"error\":{\"message\":\"no\"}}");
  const size_t body = answer.find("\n\n{");
  ResponseFeed connection(v1::ENDPOINT_CHAT);
  EXPECT_FALSE(connection.Read(answer.substr(0, body + 1), 5));
  EXPECT_TRUE(connection.Read(answer.substr(body + 1), 6));
  EXPECT_EQ(connection.Summary(), "ERROR_IN_STREAM 200 [\n{\"error\":{\"message\":\"no\"}}] keep");
}

// Found by fuzzing.
TEST(ResponseInterpreter, APartOfAFieldsNameDoesNotDecideWhatTheBodyIs) {
  for (absl::string_view body : {"database is down", "data", "events are off", "i"}) {
    const std::string answer = SizedAnswer("200 OK", "text/plain", std::string(body));
    for (size_t first = answer.size() - body.size(); first <= answer.size(); ++first) {
      ResponseFeed connection(v1::ENDPOINT_CHAT);
      if (first < answer.size()) {
        EXPECT_FALSE(connection.Read(answer.substr(0, first), 5));
      }
      EXPECT_TRUE(connection.Read(first < answer.size() ? answer.substr(first) : answer, 6));
      EXPECT_EQ(connection.Summary(), absl::StrCat("ERROR_BAD_BODY 200 [", body, "] keep"));
    }
  }
}

TEST(ResponseInterpreter, ChunksOfOneReadShareItsStamp) {
  ResponseFeed connection(v1::ENDPOINT_CHAT);
  connection.Read(kHead, 10);
  connection.Read(Chunk(VllmText("a")) + Chunk(VllmText("b") + VllmText("c")), 20);
  connection.Read(Chunk(VllmText("d")), 50);
  const Exchange& exchange = connection.exchange();
  EXPECT_EQ(exchange.gaps_ns, (std::vector<int64_t>{0, 0, 30}));
  EXPECT_EQ(exchange.content_chunks, 4u);
  EXPECT_EQ(exchange.coalesced_chunks, 2u);
  EXPECT_EQ(exchange.reads, 2u);
}

TEST(ResponseInterpreter, StampsNeverGoBack) {
  ResponseFeed connection(v1::ENDPOINT_CHAT);
  connection.Read(kHead + Chunk(VllmText("a")), 20);
  connection.Read(Chunk(VllmText("b")), 15);
  EXPECT_EQ(connection.exchange().gaps_ns, (std::vector<int64_t>{0}));
}

TEST(ResponseInterpreter, HeadStampIsOfTheFinalHeadsFirstByte) {
  ResponseFeed connection(v1::ENDPOINT_CHAT);
  connection.Read("HTTP/1.1 100 Continue\r\n\r\n", 5);
  connection.Read("HTTP/1.1 200", 10);
  connection.Read(" OK\r\nContent-Length: 0\r\n\r\n", 15);
  EXPECT_EQ(connection.exchange().head_ns, 10);
}

TEST(ResponseInterpreter, CommentsAreNoLifeOfTheModel) {
  ResponseFeed connection(v1::ENDPOINT_CHAT);
  EXPECT_EQ(connection.interpreter().last_life_ns(), -1);
  connection.Read(kHead, 10);
  EXPECT_EQ(connection.interpreter().last_life_ns(), 10);
  connection.Read(Chunk(VllmText("a")), 20);
  connection.Read(Chunk(":\n\n") + Chunk(": ping\n\n") + Chunk("data:\n\n"), 30);
  EXPECT_EQ(connection.interpreter().last_life_ns(), 20);
}

TEST(ResponseInterpreter, KeepsNeitherGapsNorTextUnasked) {
  ResponseFeed connection(v1::ENDPOINT_CHAT, {.keep_gaps = false, .keep_text = false});
  connection.Read(kHead + Chunk(VllmText("a")), 10);
  connection.Read(Chunk(VllmText("b")), 20);
  EXPECT_TRUE(connection.exchange().gaps_ns.empty());
  EXPECT_EQ(connection.exchange().escaped_text, "");
  EXPECT_EQ(connection.exchange().content_chunks, 2u);
}

TEST(ResponseInterpreter, CutsTextThatNobodyCouldKeep) {
  ResponseFeed connection(v1::ENDPOINT_CHAT);
  connection.Read(kHead, 1);
  for (size_t kept = 0; kept <= kMaxKeptTextBytes; kept += 100'000)
    connection.Read(Chunk(VllmText(std::string(100'000, 'x'))), 2);
  EXPECT_EQ(connection.exchange().escaped_text.size(), kMaxKeptTextBytes);
  EXPECT_TRUE(connection.exchange().text_cut);
}

TEST(ResponseInterpreter, CountsBytesAndKernelStamps) {
  ResponseFeed connection(v1::ENDPOINT_CHAT);
  const std::string answer = SizedAnswer("200 OK", "application/json", "{\"choices\":[]}");
  connection.interpreter().OnRead(answer.substr(0, 9), {1, v1::STAMP_KERNEL});
  connection.Read(answer.substr(9), 2);
  EXPECT_EQ(connection.exchange().bytes_received, answer.size());
  EXPECT_EQ(connection.exchange().kernel_stamps, 1u);
  EXPECT_EQ(connection.exchange().stamps, v1::STAMP_KERNEL);
}

TEST(ResponseInterpreter, ServesOneExchangeAfterAnother) {
  ResponseFeed connection(v1::ENDPOINT_CHAT);
  connection.Read(kHead + Chunk(VllmText("a")) + "0\r\n\r\n", 10);
  Exchange second;
  connection.interpreter().Start(&second);
  EXPECT_FALSE(connection.interpreter().started());
  const std::string answer = kHead + Chunk(VllmText("b") + "data: [DONE]\n\n") + "0\r\n\r\n";
  EXPECT_EQ(connection.interpreter().OnRead(answer, {5, v1::STAMP_USER}), Progress::kDone);
  EXPECT_EQ(SummaryOf(second, connection.interpreter().reusable()), "ok 200 text=b chunks=1 keep");
  EXPECT_EQ(second.first_token_ns, 5);
}

}  // namespace
}  // namespace drumfire
