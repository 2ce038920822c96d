#include "tools/mock_server/event_template.h"

#include <array>

namespace drumfire::mock {
namespace {

constexpr absl::string_view kIdFirst =
    R"({"id":"$id","object":"$object","created":$created,"model":"$model",$choices$tail})";
constexpr absl::string_view kLlamaEnvelope =
    R"({$choices,"created":$created,"id":"$id","model":"$model",)"
    R"("system_fingerprint":"b1-mock","object":"$object"$tail})";
constexpr absl::string_view kDynamoEnvelope =
    R"({"id":"$id",$choices,"created":$created,"model":"$model","object":"$object"$tail})";
constexpr absl::string_view kTransformersEnvelope =
    R"({$choices,"created":$created,"id":"$id","model":"$model@main","object":"$object"$tail})";

constexpr EventTemplate kOpenAiChat = {
    .envelope = kIdFirst,
    .role = R"("choices":[{"index":0,"delta":{"role":"assistant","content":""},)"
            R"("logprobs":null,"finish_reason":null}])",
    .text_open = R"("choices":[{"index":0,"delta":{"content":")",
    .reasoning_open = R"("choices":[{"index":0,"delta":{"reasoning_content":")",
    .text_close = R"("},"logprobs":null,"finish_reason":null}])",
    .finish = R"("choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"$finish"}])",
    .usage = R"("choices":[])"};

constexpr EventTemplate kOpenAiCompletions = {
    .envelope = kIdFirst,
    .text_open = R"("choices":[{"index":0,"text":")",
    .text_close = R"(","logprobs":null,"finish_reason":null}])",
    .finish = R"("choices":[{"index":0,"text":"","logprobs":null,"finish_reason":"$finish"}])",
    .usage = R"("choices":[])"};

constexpr EventTemplate kVllmChat = {
    .envelope = kIdFirst,
    .role = R"("choices":[{"index":0,"delta":{"role":"assistant","content":""},)"
            R"("logprobs":null,"finish_reason":null}])",
    .role_tail = R"(,"prompt_token_ids":null,"prompt_text":null)",
    .text_open = R"("choices":[{"index":0,"delta":{"content":")",
    .reasoning_open = R"("choices":[{"index":0,"delta":{"reasoning":")",
    .text_close = R"("},"logprobs":null,"finish_reason":null,"token_ids":null}])",
    .last_text_close = R"("},"logprobs":null,"finish_reason":"$finish","stop_reason":null,)"
                       R"("token_ids":null}])",
    .usage = R"("choices":[])",
    .usage_tail = R"(,"system_fingerprint":"vllm-0.32.0-mock")"};

constexpr EventTemplate kVllmCompletions = {
    .envelope = kIdFirst,
    .text_open = R"("choices":[{"index":0,"text":")",
    .text_close = R"(","logprobs":null,"finish_reason":null,"stop_reason":null,)"
                  R"("prompt_token_ids":null,"token_ids":null}])",
    .last_text_close = R"(","logprobs":null,"finish_reason":"$finish","stop_reason":null,)"
                       R"("prompt_token_ids":null,"token_ids":null}])",
    .usage = R"("choices":[])",
    .usage_tail = R"(,"system_fingerprint":"vllm-0.32.0-mock")"};

constexpr EventTemplate kLlamaChat = {
    .envelope = kLlamaEnvelope,
    .role = R"("choices":[{"finish_reason":null,"index":0,)"
            R"("delta":{"role":"assistant","content":null}}])",
    .text_open = R"("choices":[{"finish_reason":null,"index":0,"delta":{"content":")",
    .reasoning_open =
        R"("choices":[{"finish_reason":null,"index":0,"delta":{"reasoning_content":")",
    .text_close = R"("}}])",
    .finish = R"("choices":[{"finish_reason":"$finish","index":0,"delta":{}}])",
    .usage = R"("choices":[])",
    .usage_tail =
        R"(,"timings":{"prompt_n":1,"prompt_ms":2.709,"predicted_n":1,"predicted_ms":0.787})"};

constexpr EventTemplate kLlamaCompletions = {
    .envelope = kLlamaEnvelope,
    .text_open = R"("choices":[{"text":")",
    .text_close = R"(","index":0,"logprobs":null,"finish_reason":null}])",
    .finish = R"("choices":[{"text":"","index":0,"logprobs":null,"finish_reason":"$finish"}])",
    .usage_tail =
        R"(,"timings":{"prompt_n":1,"prompt_ms":2.709,"predicted_n":1,"predicted_ms":0.787})"};

constexpr EventTemplate kDynamoChat = {
    .envelope = kDynamoEnvelope,
    .text_open = R"("choices":[{"index":0,"delta":{"content":")",
    .reasoning_open = R"("choices":[{"index":0,"delta":{"reasoning_content":")",
    .text_close = R"("},"finish_reason":null,"logprobs":null}])",
    .first_text_close = R"(","role":"assistant"},"finish_reason":null,"logprobs":null}])",
    .finish = R"("choices":[{"index":0,"delta":{},"finish_reason":"$finish","logprobs":null}])",
    .usage = R"("choices":[])"};

constexpr EventTemplate kDynamoCompletions = {
    .envelope = kDynamoEnvelope,
    .text_open = R"("choices":[{"text":")",
    .text_close = R"(","index":0,"finish_reason":null,"logprobs":null}])",
    .finish = R"("choices":[{"text":"","index":0,"finish_reason":"$finish","logprobs":null}])",
    .usage = R"("choices":[])"};

constexpr EventTemplate kTransformersChat = {
    .envelope = kTransformersEnvelope,
    .role = R"("choices":[{"delta":{"role":"assistant"},"index":0}])",
    .text_open = R"("choices":[{"delta":{"content":")",
    .text_close = R"("},"index":0}])",
    .finish = R"("choices":[{"delta":{},"index":0,"finish_reason":"$finish"}])"};

constexpr EventTemplate kTransformersCompletions = {
    .envelope = kTransformersEnvelope,
    .text_open = R"("choices":[{"text":")",
    .text_close = R"(","index":0}])",
    .finish = R"("choices":[{"text":"","index":0,"finish_reason":"$finish"}])"};

constexpr EventTemplate kLiteLlmChat = {
    .envelope =
        R"({"id":"$id","created":$created,"model":"$model","object":"$object",$choices$tail})",
    .text_open = R"("choices":[{"index":0,"delta":{"content":")",
    .first_text_open = R"("choices":[{"index":0,"delta":{"role":"assistant","content":")",
    .reasoning_open = R"("choices":[{"index":0,"delta":{"reasoning_content":")",
    .text_close = R"("}}])",
    .finish = R"("choices":[{"finish_reason":"$finish","index":0,"delta":{}}])",
    .usage = R"("choices":[{"index":0,"delta":{}}])"};

constexpr EventTemplate kLiteLlmCompletions = {
    .envelope =
        R"({"id":"$id","created":$created,"model":"$model","object":"$object",$choices$tail})",
    .text_open = R"("choices":[{"index":0,"text":")",
    .text_close = R"("}])",
    .finish = R"("choices":[{"finish_reason":"$finish","index":0}])",
    .usage = R"("choices":[{"index":0}])"};

// In the order of Persona.
constexpr std::array<const EventTemplate*, 6> kChatShapes = {
    &kOpenAiChat, &kVllmChat, &kLlamaChat, &kDynamoChat, &kTransformersChat, &kLiteLlmChat};
constexpr std::array<const EventTemplate*, 6> kCompletionsShapes = {
    &kOpenAiCompletions, &kVllmCompletions,         &kLlamaCompletions,
    &kDynamoCompletions, &kTransformersCompletions, &kLiteLlmCompletions};

}  // namespace

const EventTemplate& EventTemplateOf(Persona persona, ApiKind kind) {
  const auto& shapes = kind == ApiKind::kChat ? kChatShapes : kCompletionsShapes;
  return *shapes[static_cast<size_t>(persona)];
}

}  // namespace drumfire::mock
