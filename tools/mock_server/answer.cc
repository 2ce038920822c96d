#include "tools/mock_server/answer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tools/mock_server/random_streams.h"
#include "tools/mock_server/stream_reply.h"
#include "tools/mock_server/timed_reply.h"
#include "tools/mock_server/whole_answer.h"

namespace drumfire::mock {
namespace {

constexpr absl::string_view kJson = "application/json";
// A number for "until the context is full", llama-server's answer to a negative limit.
constexpr int64_t kContextTokens = 4096;
// Resets drawn below this strike a stream before its first byte.
constexpr double kEarlyResetShare = 0.25;

absl::string_view EventStreamType(Persona persona) {
  const bool bare = persona == Persona::kLlamaServer || persona == Persona::kDynamo;
  return bare ? "text/event-stream" : "text/event-stream; charset=utf-8";
}

std::unique_ptr<Reply> Never() {
  return std::make_unique<TimedReply>(kNeverNs, "", ReplyEnd::kDone, 0);
}

std::unique_ptr<Reply> ResetAfter(int64_t delay_ns) {
  return std::make_unique<TimedReply>(delay_ns, "", ReplyEnd::kReset, 0);
}

}  // namespace

Answer AnswerMaker::Ready(int status, absl::string_view content_type, absl::string_view body,
                          const AnswerContext& context) const {
  Answer answer;
  answer.status = status;
  answer.keep_alive = context.keep_alive;
  answer.reply = std::make_unique<TimedReply>(0, WholeBytes(status, content_type, body, context),
                                              ReplyEnd::kDone, 0);
  return answer;
}

Answer AnswerMaker::Error(ErrorCase error, absl::string_view detail,
                          const AnswerContext& context) const {
  const ErrorAnswer refusal = MakeErrorAnswer(options_.persona, error, detail);
  AnswerContext closing = context;
  // transformers closes the connection after a 500.
  if (options_.persona == Persona::kTransformers && refusal.status == 500) {
    closing.keep_alive = false;
  }
  return Ready(refusal.status, refusal.content_type, refusal.body, closing);
}

Answer AnswerMaker::Api(const ApiRequest& request, const AnswerContext& context) const {
  if (context.fault.kind == FaultKind::kError) {
    return Error(context.fault.error, "injected by the mock server", context);
  }
  if (request.kind == ApiKind::kEmbeddings) return Embed(request, context);
  return request.stream ? GenerateStream(request, context) : GenerateWhole(request, context);
}

Answer AnswerMaker::Embed(const ApiRequest& request, const AnswerContext& context) const {
  return Whole(context, FirstTokenNs(request, context.index),
               EmbeddingsBody(request.model, request.inputs, request.prompt_tokens), 0);
}

Answer AnswerMaker::GenerateWhole(const ApiRequest& request, const AnswerContext& context) const {
  const Usage usage = UsageOf(request, context.fault);
  const int64_t delay_ns =
      FirstTokenNs(request, context.index) + OtherTokensNs(usage, context.index);
  Answer answer = Whole(context, delay_ns, GenerationBody(Identity(request, context), usage),
                        usage.completion_tokens);
  answer.generates = true;
  return answer;
}

Answer AnswerMaker::Whole(const AnswerContext& context, int64_t delay_ns, absl::string_view body,
                          int64_t tokens) const {
  if (context.fault.kind == FaultKind::kStreamError) {
    return Error(ErrorCase::kInternal, "injected by the mock server", context);
  }
  Answer answer;
  answer.keep_alive = context.keep_alive;
  answer.needs_slot = true;
  std::string bytes = WholeBytes(200, kJson, body, context);
  switch (context.fault.kind) {
    case FaultKind::kHang:
    case FaultKind::kStall:
      answer.reply = Never();
      break;
    case FaultKind::kReset:
      answer.reply = ResetAfter(delay_ns);
      break;
    case FaultKind::kTruncate:
      bytes.resize(bytes.size() - body.size() / 2);
      answer.reply = std::make_unique<TimedReply>(delay_ns, std::move(bytes), ReplyEnd::kClose, 0);
      break;
    default:
      answer.reply = std::make_unique<TimedReply>(delay_ns, std::move(bytes), ReplyEnd::kDone,
                                                  static_cast<int>(tokens));
  }
  return answer;
}

Answer AnswerMaker::GenerateStream(const ApiRequest& request, const AnswerContext& context) const {
  const int64_t own_interval_ns = TraitsOf(options_.persona).comment_interval_ns;
  StreamPlan plan;
  plan.identity = Identity(request, context);
  plan.usage_asked = request.include_usage;
  plan.usage = UsageOf(request, context.fault);
  plan.ttft_ns = FirstTokenNs(request, context.index);
  plan.gap = options_.itl;
  plan.tokens_per_event = options_.tokens_per_event;
  plan.events_per_write = options_.events_per_write;
  plan.comment_interval_ns =
      options_.comment_interval_ns > 0 ? options_.comment_interval_ns : own_interval_ns;
  plan.fault = context.fault;
  plan.seed = options_.seed;
  plan.index = context.index;
  // HTTP/1.0 knows no chunks: the body ends with the connection.
  plan.head = {.content_type = EventStreamType(options_.persona),
               .chunked = !context.http_1_0,
               .keep_alive = context.keep_alive && !context.http_1_0,
               .http_1_0 = context.http_1_0,
               .wall_ns = context.wall_ns};
  Answer answer;
  answer.keep_alive = plan.head.keep_alive;
  answer.needs_slot = true;
  answer.generates = true;
  const RequestFault& fault = context.fault;
  if (fault.kind == FaultKind::kHang) {
    answer.reply = Never();
  } else if (fault.kind == FaultKind::kReset && fault.position < kEarlyResetShare) {
    answer.reply = ResetAfter(plan.ttft_ns);
  } else {
    answer.reply = std::make_unique<StreamReply>(plan);
  }
  return answer;
}

std::string AnswerMaker::WholeBytes(int status, absl::string_view content_type,
                                    absl::string_view body, const AnswerContext& context) const {
  const bool chunked = TraitsOf(options_.persona).chunked_whole_body && status == 200 &&
                       !context.http_1_0 && !body.empty();
  ReplyHead head;
  head.status = status;
  head.content_type = content_type;
  if (!chunked) head.content_length = body.size();
  head.chunked = chunked;
  head.keep_alive = context.keep_alive;
  head.http_1_0 = context.http_1_0;
  head.wall_ns = context.wall_ns;
  std::string bytes;
  bytes.reserve(512 + body.size());
  AppendReplyHead(options_.persona, head, &bytes);
  if (chunked) AppendChunkStart(body.size(), &bytes);
  bytes.append(body.data(), body.size());
  if (chunked) absl::StrAppend(&bytes, kChunkEnd, kLastChunk);
  return bytes;
}

AnswerIdentity AnswerMaker::Identity(const ApiRequest& request,
                                     const AnswerContext& context) const {
  AnswerIdentity identity;
  identity.persona = options_.persona;
  identity.kind = request.kind;
  const uint64_t number = Random(options_.seed, RandomStream::kRequestId, context.index).Bits();
  identity.id = absl::StrCat(request.kind == ApiKind::kChat ? "chatcmpl-" : "cmpl-",
                             absl::Hex(number, absl::kZeroPad16));
  identity.model = request.model;
  identity.created_s = context.wall_ns / kNsPerSecond;
  identity.finish_reason = request.max_tokens.has_value() ? "length" : "stop";
  if (context.fault.kind == FaultKind::kEmpty) identity.finish_reason = "stop";
  if (context.fault.kind == FaultKind::kFinishError) identity.finish_reason = "error";
  return identity;
}

Usage AnswerMaker::UsageOf(const ApiRequest& request, const RequestFault& fault) const {
  int64_t tokens = request.max_tokens.value_or(options_.osl);
  if (tokens < 0) tokens = kContextTokens;
  Usage usage;
  usage.prompt_tokens = request.prompt_tokens;
  usage.cached_tokens = request.cached_tokens;
  usage.completion_tokens = fault.kind == FaultKind::kEmpty ? 0 : std::max<int64_t>(1, tokens);
  if (fault.kind == FaultKind::kOddUsage) usage.odd = options_.odd_usage.value_or(fault.odd_usage);
  if (request.kind == ApiKind::kChat && options_.persona != Persona::kTransformers) {
    usage.reasoning_tokens = std::min(options_.reasoning_tokens, usage.completion_tokens);
  }
  return usage;
}

int64_t AnswerMaker::FirstTokenNs(const ApiRequest& request, uint64_t index) const {
  Random random(options_.seed, kTtftStream, index);
  const int64_t ttft_ns = options_.ttft.SampleNs(&random);
  if (options_.prefill_tokens_per_second <= 0) return ttft_ns;
  const int64_t new_tokens = request.prompt_tokens - request.cached_tokens.value_or(0);
  const double prefill_s = static_cast<double>(new_tokens) / options_.prefill_tokens_per_second;
  return ttft_ns + static_cast<int64_t>(prefill_s * static_cast<double>(kNsPerSecond));
}

int64_t AnswerMaker::OtherTokensNs(const Usage& usage, uint64_t index) const {
  Random random(options_.seed, kGapStream, index);
  int64_t total_ns = 0;
  for (int64_t i = 1; i < usage.completion_tokens; ++i) total_ns += options_.itl.SampleNs(&random);
  return total_ns;
}

}  // namespace drumfire::mock
