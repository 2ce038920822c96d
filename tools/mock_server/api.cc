#include "tools/mock_server/api.h"

#include <optional>

#include "tools/mock_server/request_check.h"
#include "tools/mock_server/whole_answer.h"

namespace drumfire::mock {
namespace {

constexpr absl::string_view kJsonType = "application/json";
constexpr absl::string_view kPrometheus = "text/plain; version=0.0.4; charset=utf-8";

std::optional<ApiKind> KindOf(absl::string_view path) {
  if (path == "/v1/chat/completions") return ApiKind::kChat;
  if (path == "/v1/completions") return ApiKind::kCompletions;
  if (path == "/v1/embeddings") return ApiKind::kEmbeddings;
  return std::nullopt;
}

bool IsGetPath(absl::string_view path) {
  return path == "/health" || path == "/v1/models" || path == "/metrics";
}

}  // namespace

Answer Api::Respond(const HttpRequest& request, bool keep_alive, int64_t wall_ns) {
  AnswerContext context;
  context.keep_alive = keep_alive;
  context.http_1_0 = request.minor_version == 0;
  context.wall_ns = wall_ns;
  const std::optional<ApiKind> kind = KindOf(request.path);
  if (!kind.has_value() && !IsGetPath(request.path)) {
    return maker_.Error(ErrorCase::kNoSuchPath, "Not Found", context);
  }
  if (request.method != (kind.has_value() ? "POST" : "GET")) {
    return maker_.Error(ErrorCase::kWrongMethod, "Method Not Allowed", context);
  }
  return kind.has_value() ? RespondToPost(request, *kind, context) : RespondToGet(request, context);
}

Answer Api::Refuse(const absl::Status& status, int64_t wall_ns) const {
  AnswerContext context;
  context.keep_alive = false;
  context.wall_ns = wall_ns;
  const bool too_large = absl::IsResourceExhausted(status);
  return maker_.Error(too_large ? ErrorCase::kTooLarge : ErrorCase::kMalformed, status.message(),
                      context);
}

Answer Api::RespondToGet(const HttpRequest& request, const AnswerContext& context) const {
  if (request.path == "/metrics") {
    return maker_.Ready(200, kPrometheus, metrics_.Text(options_.model), context);
  }
  if (request.path == "/v1/models") {
    const int64_t created_s = context.wall_ns / kNsPerSecond;
    return maker_.Ready(200, kJsonType, ModelsBody(options_.model, created_s), context);
  }
  return maker_.Ready(200, kJsonType, R"({"status":"ok"})", context);
}

Answer Api::RespondToPost(const HttpRequest& request, ApiKind kind, AnswerContext context) {
  context.index = next_index_++;
  context.fault = DrawFault(options_.faults, options_.seed, context.index);
  if (std::optional<Refusal> refusal = CheckContentType(request, options_.persona)) {
    return maker_.Error(refusal->error, refusal->detail, context);
  }
  absl::StatusOr<ApiRequest> parsed =
      ParseApiRequest(kind, request.body, &parser_, options_.prefix_cache);
  if (!parsed.ok()) {
    return maker_.Error(ErrorCase::kBadBody, parsed.status().message(), context);
  }
  if (std::optional<Refusal> refusal = CheckRequest(*parsed, options_)) {
    return maker_.Error(refusal->error, refusal->detail, context);
  }
  if (options_.prefix_cache) parsed->cached_tokens = prefix_cache_.TakeIn(parsed->prompt_text);
  Answer answer = maker_.Api(*parsed, context);
  answer.fault = context.fault.kind;
  answer.prompt_tokens = parsed->prompt_tokens;
  answer.finished_by_length = parsed->max_tokens.has_value();
  return answer;
}

}  // namespace drumfire::mock
