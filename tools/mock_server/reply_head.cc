#include "tools/mock_server/reply_head.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace drumfire::mock {
namespace {

absl::string_view ServerName(Persona persona) {
  switch (persona) {
    case Persona::kOpenAi:
      return "drumfire-mock";
    case Persona::kLlamaServer:
      return "llama.cpp";
    case Persona::kDynamo:
      return "";
    case Persona::kVllm:
    case Persona::kTransformers:
    case Persona::kLiteLlm:
      return "uvicorn";
  }
  return "";
}

bool HasCapitalNames(Persona persona) {
  return persona == Persona::kOpenAi || persona == Persona::kLlamaServer;
}

// What LiteLLM passes on and adds; a client must match header names whole.
constexpr absl::string_view kLiteLlmHeaders =
    "x-litellm-call-id: 00000000-0000-0000-0000-000000000000\r\n"
    "x-litellm-version: 1.80.0\r\n"
    "x-litellm-response-cost: 0.0\r\n"
    "x-litellm-key-spend: 0.0\r\n"
    "llm_provider-content-type: text/event-stream\r\n"
    "llm_provider-content-length: 3\r\n"
    "llm_provider-transfer-encoding: chunked\r\n";

// The date in the form of RFC 9110, made anew once a second.
absl::string_view HttpDate(int64_t wall_ns) {
  thread_local int64_t cached_second = -1;
  thread_local std::string cached;
  const int64_t second = wall_ns / 1'000'000'000;
  if (second != cached_second) {
    cached_second = second;
    cached = absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", absl::FromUnixSeconds(second),
                              absl::UTCTimeZone());
  }
  return cached;
}

void AppendHeader(bool capitals, absl::string_view name, absl::string_view value,
                  std::string* out) {
  const size_t start = out->size();
  absl::StrAppend(out, name, ": ", value, "\r\n");
  if (capitals) return;
  for (size_t i = start; i < start + name.size(); ++i) (*out)[i] = absl::ascii_tolower((*out)[i]);
}

void AppendConnection(Persona persona, const ReplyHead& head, std::string* out) {
  const bool capitals = HasCapitalNames(persona);
  if (!head.keep_alive) {
    AppendHeader(capitals, "Connection", "close", out);
  } else if (persona == Persona::kLlamaServer) {
    AppendHeader(capitals, "Keep-Alive", "timeout=5, max=100", out);
  } else if (head.http_1_0) {
    AppendHeader(capitals, "Connection", "keep-alive", out);
  }
}

}  // namespace

absl::string_view ReasonPhrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 413:
      return "Payload Too Large";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Entity";
    case 429:
      return "Too Many Requests";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    default:
      return "Error";
  }
}

void AppendReplyHead(Persona persona, const ReplyHead& head, std::string* out) {
  const bool capitals = HasCapitalNames(persona);
  absl::StrAppend(out, "HTTP/1.1 ", head.status, " ", ReasonPhrase(head.status), "\r\n");
  AppendHeader(capitals, "Date", HttpDate(head.wall_ns), out);
  const absl::string_view server = ServerName(persona);
  if (!server.empty()) AppendHeader(capitals, "Server", server, out);
  if (!head.content_type.empty()) {
    AppendHeader(capitals, "Content-Type", head.content_type, out);
  }
  if (persona == Persona::kLiteLlm) absl::StrAppend(out, kLiteLlmHeaders);
  if (head.content_length.has_value()) {
    AppendHeader(capitals, "Content-Length", absl::StrCat(*head.content_length), out);
  } else if (head.chunked) {
    // uvicorn under transformers and LiteLLM writes this one name with capitals beside lower case
    // ones.
    const bool mixed = persona == Persona::kTransformers || persona == Persona::kLiteLlm;
    AppendHeader(capitals || mixed, "Transfer-Encoding", "chunked", out);
  }
  AppendConnection(persona, head, out);
  absl::StrAppend(out, "\r\n");
}

void AppendChunkStart(size_t size, std::string* out) {
  char digits[16];
  int used = 0;
  do {
    digits[used++] = "0123456789abcdef"[size & 15];
    size >>= 4;
  } while (size > 0);
  while (used > 0) out->push_back(digits[--used]);
  out->append("\r\n");
}

}  // namespace drumfire::mock
