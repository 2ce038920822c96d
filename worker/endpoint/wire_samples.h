// For tests and fuzzing: what real servers and proxies put on the wire (shortened), and what a
// client must make of it.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

struct WireSample {
  std::string name;
  std::string bytes;  // of the connection, up to where the server closed it or the response ended
  std::string expected;  // see SummaryOf in the test
  v1::EndpointType type = v1::ENDPOINT_CHAT;
};

inline std::string Chunk(absl::string_view data) {
  return absl::StrCat(absl::Hex(data.size()), "\r\n", data, "\r\n");
}

inline std::string ChunkedStream(absl::string_view headers,
                                 const std::vector<std::string>& chunks) {
  std::string out = absl::StrCat("HTTP/1.1 200 OK\r\n", headers, "\r\n");
  for (const std::string& chunk : chunks) absl::StrAppend(&out, Chunk(chunk));
  return absl::StrCat(out, "0\r\n\r\n");
}

inline std::string SizedAnswer(absl::string_view status_line, absl::string_view type,
                               absl::string_view body) {
  return absl::StrCat("HTTP/1.1 ", status_line, "\r\nContent-Type: ", type,
                      "\r\nContent-Length: ", body.size(), "\r\n\r\n", body);
}

inline std::string VllmText(absl::string_view text) {
  return absl::StrCat(
      R"(data: {"id":"chatcmpl-b88","object":"chat.completion.chunk","created":1,"model":"m",)",
      R"("choices":[{"index":0,"delta":{"content":")", text,
      R"("},"logprobs":null,"finish_reason":null,"token_ids":null}]})", "\n\n");
}

inline std::vector<WireSample> StreamSamples() {
  const std::string uvicorn =
      "content-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n";
  const std::string llama =
      "Keep-Alive: timeout=5, max=100\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: "
      "chunked\r\n";
  const std::string role =
      R"(data: {"id":"c","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"prompt_token_ids":null})"
      "\n\n";
  const std::string usage =
      R"(data: {"choices":[],"usage":{"prompt_tokens":14,"total_tokens":20,"completion_tokens":6},"system_fingerprint":"v"})"
      "\n\n";
  const std::string done = "data: [DONE]\n\n";
  return {
      {"vllm",
       ChunkedStream(uvicorn, {role, VllmText("i"), VllmText(" am"), VllmText(""),
                               VllmText("\\n\\\"x\\\""), usage, done}),
       "ok 200 text=i am\\n\\\"x\\\" chunks=3 usage=14/6/20 keep"},
      {"vllm, reasoning",
       ChunkedStream(
           uvicorn,
           {role, "data: {\"choices\":[{\"index\":0,\"delta\":{\"reasoning\":\" blocks\"}}]}\n\n",
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"reasoning\":\" "
            "x\",\"reasoning_content\":\" x\"}}]}\n\n",
            VllmText("so"), done}),
       "ok 200 text=so reasoning= blocks x chunks=3 keep"},
      {"llama-server, two events in a chunk, content null, comment",
       ChunkedStream(llama, {"data: "
                             "{\"choices\":[{\"finish_reason\":null,\"index\":0,\"delta\":{"
                             "\"role\":\"assistant\",\"content\":null}}]}\n\n"
                             "data: "
                             "{\"choices\":[{\"finish_reason\":null,\"index\":0,\"delta\":{"
                             "\"content\":\"Hé\"}}]}\n\n",
                             ":\n\n",
                             "data: "
                             "{\"choices\":[],\"usage\":{\"completion_tokens\":6,\"prompt_tokens\":"
                             "58,\"total_tokens\":64,"
                             "\"prompt_tokens_details\":{\"cached_tokens\":7}},\"timings\":{"
                             "\"prompt_n\":58,\"prompt_ms\":2.709}}\n\n" +
                                 done}),
       "ok 200 text=Hé chunks=1 usage=58/6/64 cached=7 keep"},
      {"dynamo, first token with the role, usage null",
       ChunkedStream(uvicorn,
                     {"data: {\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" "
                      "mon\",\"role\":\"assistant\"},\"finish_reason\":null,"
                      "\"logprobs\":null}],\"usage\":null}\n\n",
                      "data: "
                      "{\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":"
                      "\"length\"}]}\n\n",
                      usage, done}),
       "ok 200 text= mon chunks=1 usage=14/6/20 keep"},
      {"transformers, usage in the finish event, no [DONE]",
       ChunkedStream(uvicorn,
                     {"data: {\"choices\":[{\"delta\":{\"role\":\"assistant\"},\"index\":0}]}\n\n",
                      VllmText("a"),
                      "data: "
                      "{\"choices\":[{\"delta\":{},\"index\":0,\"finish_reason\":\"length\"}],"
                      "\"usage\":{\"completion_tokens\":6,"
                      "\"prompt_tokens\":14,\"total_tokens\":20}}\n\n"}),
       "ok 200 text=a chunks=1 usage=14/6/20 keep"},
      {"litellm, usage with zeros, then with an empty delta",
       ChunkedStream(
           "llm_provider-transfer-encoding: chunked\r\nllm_provider-content-length: 5\r\n" +
               uvicorn,
           {"data: "
            "{\"choices\":[{\"index\":0,\"text\":\"a\"}],\"usage\":{\"completion_tokens\":0,"
            "\"prompt_tokens\":0,\"total_tokens\":0}}\n\n",
            "data: "
            "{\"choices\":[{\"finish_reason\":\"length\",\"index\":0}],\"usage\":{\"completion_"
            "tokens\":6,\"prompt_tokens\":14,"
            "\"total_tokens\":20,\"completion_tokens_details\":{\"reasoning_tokens\":4}}}\n\n",
            "data: "
            "{\"choices\":[{\"index\":0,\"delta\":{}}],\"usage\":{\"completion_tokens\":0,\"prompt_"
            "tokens\":0,\"total_tokens\":0}}\n\n",
            done}),
       "ok 200 text=a chunks=1 usage=14/6/20 reasoning_tokens=4 keep", v1::ENDPOINT_COMPLETIONS},
      {"n=2, interleaved",
       ChunkedStream(
           uvicorn,
           {"data: "
            "{\"choices\":[{\"index\":1,\"delta\":{\"content\":\"b\"}},{\"index\":0,"
            "\"delta\":{\"content\":\"a\"}}]}\n\n",
            "data: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"d\"}}]}\n\n", done}),
       "ok 200 text=bad chunks=2 keep"},
      {"tool calls",
       ChunkedStream(uvicorn, {"data: "
                               "{\"choices\":[{\"delta\":{\"content\":null,\"tool_calls\":[{"
                               "\"index\":0,\"id\":\"t\",\"type\":\"function\","
                               "\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}}]}\n\n",
                               "data: "
                               "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,"
                               "\"function\":{\"arguments\":\"{}\"}}]}}]}\n\n",
                               done}),
       "ok 200 text=f{} chunks=2 keep"},
      {"CRLF lines, byte order mark, two data lines, until close",
       "HTTP/1.0 200 OK\r\nContent-Type: Text/Event-Stream\r\n\r\n\xEF\xBB\xBF"
       "data: {\"choices\":[{\"delta\":\r\ndata: {\"content\":\"a\"}}]}\r\n\r\ndata: "
       "[DONE]\r\n\r\n",
       "ok 200 text=a chunks=1 close"},
      {"event stream without a content type", "HTTP/1.1 200 OK\r\n\r\n" + VllmText("a") + done,
       "ok 200 text=a chunks=1 close"},
      {"last event without its empty line",
       ChunkedStream(
           uvicorn,
           {VllmText("a"),
            "data: {\"choices\":[{\"delta\":{\"content\":\"b\"},\"finish_reason\":\"stop\"}]}"}),
       "ok 200 text=ab chunks=2 keep"},
  };
}

inline std::vector<WireSample> FailedStreamSamples() {
  constexpr char kUnfinished[] = "the stream ended without finish_reason, [DONE] or usage";
  const std::string headers = "content-type: text/event-stream\r\ntransfer-encoding: chunked\r\n";
  const std::string error =
      R"({"error": {"message": "EngineCore encountered an issue...", "type": "InternalServerError", "code": 500}})";
  const std::string good = ChunkedStream(headers, {VllmText("a"), VllmText("b")});
  const std::string done =
      ChunkedStream(headers, {VllmText("a"), VllmText("b"), "data: [DONE]\n\n"});
  const std::string empty =
      "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n"
      "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
  const std::string finish_error = R"({"choices":[{"delta":{},"finish_reason":"error"}]})";
  return {
      {"vllm, engine killed: error, then [DONE] and a clean end",
       ChunkedStream(headers, {VllmText("a"), "data: " + error + "\n\n", "data: [DONE]\n\n"}),
       absl::StrCat("ERROR_IN_STREAM 200 [", error, "] text=a chunks=1 keep")},
      {"error as a text", ChunkedStream(headers, {"data: {\"error\":\"overloaded\"}\n\n"}),
       "ERROR_IN_STREAM 200 [{\"error\":\"overloaded\"}] keep"},
      {"error null is none",
       ChunkedStream(headers,
                     {"data: {\"error\":null,\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n",
                      "data: [DONE]\n\n"}),
       "ok 200 text=a chunks=1 keep"},
      {"event named error", ChunkedStream(headers, {"event: error\ndata: out of memory\n\n"}),
       "ERROR_IN_STREAM 200 [out of memory] keep"},
      {"plain JSON error under an event stream's type", ChunkedStream(headers, {error}),
       absl::StrCat("ERROR_IN_STREAM 200 [", error, "] keep")},
      {"llama-server stopped: comment, then no last chunk",
       good.substr(0, good.size() - 5) + Chunk(":\n\n"),
       "ERROR_TRUNCATED 200 [connection closed before the end of the response body] text=ab "
       "chunks=2 close"},
      {"gateway whose server died: a proper end, but nothing announced it", good,
       absl::StrCat("ERROR_UNFINISHED 200 [", kUnfinished, "] text=ab chunks=2 keep")},
      {"usage with a text announces no end",
       ChunkedStream(headers,
                     {"data: {\"choices\":[{\"text\":\"a\"}],\"usage\":{\"prompt_tokens\":7,"
                      "\"completion_tokens\":1,\"total_tokens\":8}}\n\n"}),
       absl::StrCat("ERROR_UNFINISHED 200 [", kUnfinished, "] text=a chunks=1 usage=7/1/8 keep"),
       v1::ENDPOINT_COMPLETIONS},
      {"an empty finish_reason is none",
       ChunkedStream(headers,
                     {"data: {\"choices\":[{\"text\":\"a\",\"finish_reason\":\"\"}]}\n\n"}),
       absl::StrCat("ERROR_UNFINISHED 200 [", kUnfinished, "] text=a chunks=1 keep"),
       v1::ENDPOINT_COMPLETIONS},
      {"last chunk cut", good.substr(0, good.size() - 2),
       "ERROR_TRUNCATED 200 [connection closed before the end of the response body] text=ab "
       "chunks=2 close"},
      {"body until close cut inside an event",
       "HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + VllmText("a") +
           "data: {\"choi",
       "ERROR_TRUNCATED 200 [{\"choi] text=a chunks=1 close"},
      {"closed after [DONE] without a last chunk", done.substr(0, done.size() - 5),
       "ok 200 text=ab chunks=2 close"},
      {"no token, usage 0",
       ChunkedStream(headers, {empty,
                               "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,"
                               "\"completion_tokens\":0,\"total_tokens\":7}}\n\n",
                               "data: [DONE]\n\n"}),
       "ERROR_NO_OUTPUT 200 [the answer has no token: no text, and usage counts none] "
       "usage=7/0/7 keep"},
      {"no token, no usage", ChunkedStream(headers, {empty}),
       "ERROR_NO_OUTPUT 200 [the answer has no token: no text, and no usage that counts any] keep"},
      {"no text, but usage counts a token",
       ChunkedStream(headers, {empty,
                               "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,"
                               "\"completion_tokens\":1,\"total_tokens\":8}}\n\n"}),
       "ok 200 usage=7/1/8 keep"},
      {"no text, no usage, cut by the limit of tokens",
       ChunkedStream(headers,
                     {"data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"length\"}]}\n\n"}),
       "ok 200 keep"},
      {"finish_reason error, after a token",
       ChunkedStream(headers,
                     {VllmText("a"), "data: " + finish_error + "\n\n", "data: [DONE]\n\n"}),
       absl::StrCat("ERROR_IN_STREAM 200 [", finish_error, "] text=a chunks=1 keep")},
      {"completions, finish_reason error",
       ChunkedStream(headers, {R"(data: {"choices":[{"text":"","finish_reason":"error"}]})"
                               "\n\n"}),
       R"(ERROR_IN_STREAM 200 [{"choices":[{"text":"","finish_reason":"error"}]}] keep)",
       v1::ENDPOINT_COMPLETIONS},
      {"completions, no token",
       ChunkedStream(headers, {R"(data: {"choices":[{"text":"","finish_reason":"stop"}]})"
                               "\n\n"}),
       "ERROR_NO_OUTPUT 200 [the answer has no token: no text, and no usage that counts any] keep",
       v1::ENDPOINT_COMPLETIONS},
      {"event that is no JSON",
       ChunkedStream(headers, {VllmText("a"), "data: nonsense\n\n", "data: [DONE]\n\n"}),
       "ERROR_BAD_BODY 200 [nonsense] text=a chunks=1 keep"},
      {"stream without an answer", ChunkedStream(headers, {": ping\n\n", "data: [DONE]\n\n"}),
       "ERROR_BAD_BODY 200 [the event stream ended without an answer in it] keep"},
  };
}

inline std::vector<WireSample> AnswerSamples() {
  const std::string json = "application/json";
  const std::string chat =
      R"({"id":"c","choices":[{"index":0,"message":{"role":"assistant","content":"Hi","reasoning_content":"hm"},"finish_reason":"stop"}],)"
      R"("usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5,"prompt_tokens_details":null}})";
  const std::string parts =
      R"({"choices":[{"message":{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}],"refusal":"no"}}]})";
  return {
      {"chat, whole", SizedAnswer("200 OK", json, chat),
       "ok 200 text=Hi reasoning=hm usage=3/2/5 keep"},
      {"chat, whole and chunked, behind 100 Continue",
       "HTTP/1.1 100 Continue\r\n\r\n" +
           ChunkedStream("content-type: application/json\r\nTransfer-Encoding: chunked\r\n",
                         {chat.substr(0, 50), chat.substr(50)}),
       "ok 200 text=Hi reasoning=hm usage=3/2/5 keep"},
      {"chat, whole, no token",
       SizedAnswer("200 OK", json, R"({"choices":[{"message":{"content":null}}]})"),
       "ERROR_NO_OUTPUT 200 [the answer has no token: no text, and no usage that counts any] keep"},
      {"chat, whole, finish_reason error",
       SizedAnswer("200 OK", json,
                   R"({"choices":[{"message":{"content":"a"},"finish_reason":"error"}]})"),
       R"(ERROR_IN_STREAM 200 [{"choices":[{"message":{"content":"a"},"finish_reason":"error"}]}] text=a keep)"},
      {"content in parts, refusal", SizedAnswer("200 OK", json, parts), "ok 200 text=abno keep"},
      {"completions",
       SizedAnswer(
           "200 OK", json,
           R"({"choices":[{"text":" x","index":0}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}})"),
       "ok 200 text= x usage=1/1/2 keep", v1::ENDPOINT_COMPLETIONS},
      {"embeddings",
       SizedAnswer(
           "200 OK", json,
           R"({"object":"list","data":[{"embedding":[0.1,-2e-3]}],"usage":{"prompt_tokens":4,"total_tokens":4}})"),
       "ok 200 usage=4/-/4 keep", v1::ENDPOINT_EMBEDDINGS},
      {"triton, error inside 200", SizedAnswer("200 OK", json, R"({"error":"model is decoupled"})"),
       "ERROR_IN_STREAM 200 [{\"error\":\"model is decoupled\"}] keep"},
      {"200 without an answer", SizedAnswer("200 OK", json, R"({"message":"hello"})"),
       "ERROR_BAD_BODY 200 [{\"message\":\"hello\"}] keep"},
      {"200 with a page", SizedAnswer("200 OK", "text/html", "<html>"),
       "ERROR_BAD_BODY 200 [<html>] keep"},
      {"200 with nothing", SizedAnswer("200 OK", json, ""),
       "ERROR_BAD_BODY 200 [the answer's body is empty] keep"},
      {"200, JSON cut by its own length", SizedAnswer("200 OK", json, R"({"choices":[{"me)"),
       "ERROR_BAD_BODY 200 [{\"choices\":[{\"me] keep"},
      {"compressed although not asked",
       "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1F\x8B\x08",
       "ERROR_BAD_BODY 200 [the body has Content-Encoding gzip, which was not asked for] keep"},
      {"vllm, no key", SizedAnswer("401 Unauthorized", json, R"({"error":"Unauthorized"})"),
       "ERROR_HTTP_STATUS 401 Unauthorized [{\"error\":\"Unauthorized\"}] keep"},
      {"dynamo, flat message",
       SizedAnswer("400 Bad Request", json,
                   R"({"message":"Unsupported parameter(s): x","type":"Bad Request","code":400})"),
       "ERROR_HTTP_STATUS 400 Bad Request [{\"message\":\"Unsupported parameter(s): "
       "x\",\"type\":\"Bad Request\",\"code\":400}] keep"},
      {"nginx, limit reached",
       "HTTP/1.1 429 Too Many Requests\r\nContent-Type: text/html\r\nContent-Length: "
       "6\r\nConnection: close\r\n\r\n<html>",
       "ERROR_HTTP_STATUS 429 Too Many Requests [<html>] close"},
      {"dynamo, no worker left", "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n",
       "ERROR_HTTP_STATUS 404 Not Found [HTTP 404 with an empty body] keep"},
      {"error status, body cut short",
       "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 99\r\n\r\nbusy",
       "ERROR_HTTP_STATUS 503 Service Unavailable [busy] close"},
      {"error bytes that are not UTF-8", SizedAnswer("500 \xFF", "text/plain", "a\xC3"),
       "ERROR_HTTP_STATUS 500 \xEF\xBF\xBD [a\xEF\xBF\xBD] keep"},
      {"head cut short", "HTTP/1.1 200 O",
       "ERROR_TRUNCATED 0 [connection closed inside the response head] close"},
  };
}

inline std::vector<WireSample> AllWireSamples() {
  std::vector<WireSample> all = StreamSamples();
  for (auto more : {FailedStreamSamples(), AnswerSamples()})
    all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace drumfire
