// The shared suite's fixture: an engine of either kind (the test's parameter), an owner that
// collects finished exchanges, and responses for the scripted server.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "drumfire/v1/plan.pb.h"
#include "gtest/gtest.h"
#include "worker/engine/engine.h"
#include "worker/engine/testing/scripted_server.h"

namespace drumfire {

constexpr v1::EngineKind kBothEngines[] = {v1::ENGINE_NATIVE, v1::ENGINE_CURL};
std::string EngineName(const testing::TestParamInfo<v1::EngineKind>& info);

class EngineFixture : public testing::TestWithParam<v1::EngineKind>, public EngineOwner {
 protected:
  // A plan of pooled connections to the url: streaming chat, no timeouts.
  EngineFixture();
  v1::Plan& plan() { return plan_; }
  // Makes the engine for plan() with the urls given. May be called once.
  void StartEngine(std::vector<std::string> urls);
  Engine& engine() { return *engine_; }
  // Starts a scripted server, and the engine for it. Without a handler every answer is a short
  // stream.
  void Serve(ScriptedServer::Handler handler = nullptr, ScriptedServer::Options options = {});
  ScriptedServer& server() { return *server_; }

  // A request for urls[url] with a small JSON body.
  std::unique_ptr<Exchange> MakeExchange(uint32_t url = 0);
  void Send() { engine_->Send(MakeExchange()); }
  // Polls until so many exchanges are over in all; fails the test when that takes half a minute.
  void AwaitFinished(size_t count);
  // Polls until the condition holds.
  void AwaitTrue(const std::function<bool()>& condition);
  // Sends one request and waits for its end.
  const Exchange& SendAndAwait();
  void ExpectAllCompleted() const;

  void OnFinished(std::unique_ptr<Exchange> exchange) override;

  std::vector<std::unique_ptr<Exchange>> finished;
  // Called at the end of OnFinished.
  std::function<void(const Exchange&)> on_finished;

 private:
  v1::Plan plan_;
  std::unique_ptr<ScriptedServer> server_;
  std::unique_ptr<Engine> engine_;
};

// "data: ..." of a chat chunk with this content, as an SSE event.
std::string ChatEvent(absl::string_view content);
// "data: [DONE]" as an SSE event.
std::string DoneEvent();
// One HTTP chunk.
std::string HttpChunk(absl::string_view data);
constexpr absl::string_view kLastHttpChunk = "0\r\n\r\n";
constexpr absl::string_view kStreamHead =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
// A whole chunked stream of these contents, in one piece.
std::string ChatStream(const std::vector<std::string>& contents);
// The same, one step a chunk, with pauses between.
Script PacedChatStream(int chunks, int64_t pause_ns);
// A response with Content-Length.
std::string Response(int status, absl::string_view type, absl::string_view body);

}  // namespace drumfire
