#include "worker/engine/testing/engine_fixture.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/clock/clock.h"

namespace drumfire {
namespace {

constexpr int64_t kGiveUpNs = 30 * kNsPerSecond;

}  // namespace

std::string EngineName(const testing::TestParamInfo<v1::EngineKind>& info) {
  return info.param == v1::ENGINE_CURL ? "Curl" : "Native";
}

EngineFixture::EngineFixture() {
  plan_.add_models("m");
  plan_.mutable_endpoint()->set_streaming(true);
  plan_.mutable_connections()->set_max_idle_ns(60 * kNsPerSecond);
  plan_.mutable_engine()->set_kind(GetParam());
}

void EngineFixture::StartEngine(std::vector<std::string> urls) {
  for (std::string& url : urls) plan_.add_urls(std::move(url));
  absl::StatusOr<std::unique_ptr<Engine>> engine = MakeEngine(plan_, SystemClock(), this);
  ASSERT_TRUE(engine.ok()) << engine.status();
  engine_ = *std::move(engine);
}

void EngineFixture::Serve(ScriptedServer::Handler handler, ScriptedServer::Options options) {
  if (!handler) handler = [](const ServerRequest&) { return Script{Say(ChatStream({"a"}))}; };
  server_ = std::make_unique<ScriptedServer>(std::move(handler), std::move(options));
  StartEngine({server_->url()});
}

void EngineFixture::ExpectAllCompleted() const {
  for (const auto& exchange : finished) {
    EXPECT_EQ(exchange->outcome, v1::OUTCOME_COMPLETED) << exchange->error_message;
  }
}

std::unique_ptr<Exchange> EngineFixture::MakeExchange(uint32_t url) {
  auto exchange = std::make_unique<Exchange>();
  exchange->url = url;
  exchange->body = std::make_shared<const std::string>(R"({"model":"m","stream":true})");
  exchange->head =
      absl::StrCat("POST /v1/chat/completions HTTP/1.1\r\nHost: test\r\nContent-Length: ",
                   exchange->body->size(), "\r\n\r\n");
  return exchange;
}

void EngineFixture::AwaitTrue(const std::function<bool()>& condition) {
  const int64_t give_up_ns = SystemClock().MonotonicNs() + kGiveUpNs;
  while (!condition()) {
    ASSERT_LT(SystemClock().MonotonicNs(), give_up_ns) << "gave up waiting";
    engine_->Poll(SystemClock().MonotonicNs() + 10 * kNsPerMs, false);
  }
}

void EngineFixture::AwaitFinished(size_t count) {
  AwaitTrue([&] { return finished.size() >= count; });
}

const Exchange& EngineFixture::SendAndAwait() {
  const size_t before = finished.size();
  Send();
  AwaitFinished(before + 1);
  static const Exchange* const nothing = new Exchange;
  return finished.size() > before ? *finished[before] : *nothing;
}

void EngineFixture::OnFinished(std::unique_ptr<Exchange> exchange) {
  finished.push_back(std::move(exchange));
  if (on_finished) on_finished(*finished.back());
}

std::string ChatEvent(absl::string_view content) {
  return absl::StrCat("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"", content,
                      "\"}}]}\n\n");
}

std::string DoneEvent() { return "data: [DONE]\n\n"; }

std::string HttpChunk(absl::string_view data) {
  return absl::StrFormat("%x\r\n%s\r\n", data.size(), data);
}

std::string ChatStream(const std::vector<std::string>& contents) {
  std::string stream(kStreamHead);
  for (const std::string& content : contents) stream += HttpChunk(ChatEvent(content));
  return absl::StrCat(stream, HttpChunk(DoneEvent()), kLastHttpChunk);
}

Script PacedChatStream(int chunks, int64_t pause_ns) {
  Script script{Say(kStreamHead)};
  for (int i = 0; i < chunks; ++i) {
    script.push_back(Pause(pause_ns));
    script.push_back(Say(HttpChunk(ChatEvent("t"))));
  }
  script.push_back(Say(absl::StrCat(HttpChunk(DoneEvent()), kLastHttpChunk)));
  return script;
}

std::string Response(int status, absl::string_view type, absl::string_view body) {
  return absl::StrCat("HTTP/1.1 ", status, " Reason\r\nContent-Type: ", type,
                      "\r\nContent-Length: ", body.size(), "\r\n\r\n", body);
}

}  // namespace drumfire
