// POST /v1/chat/completions: choices[].delta in streams, choices[].message in whole answers.
// Servers name reasoning "reasoning" or "reasoning_content", and some send both with the same text.
#include "common/dialect/openai.h"
#include "common/dialect/openai_reader.h"

namespace drumfire {

using simdjson::SUCCESS;

namespace {

class ChatReader : public OpenAiReader {
 protected:
  Error ReadField(RawString key, Value field, TextCollector* collector) override {
    if (key != "choices") return SUCCESS;
    collector->content()->has_answer = true;
    return ForEachItem(field, [&](Value choice) { return ReadChoice(choice, collector); });
  }

 private:
  Error ReadChoice(Value choice, TextCollector* collector) {
    collector->content()->has_choice = true;
    return ForEachField(choice, [&](RawString key, Value field) {
      if (key == "delta" || key == "message") return ReadMessage(field, collector);
      if (key == "text") AddText(field, false, collector);
      if (key == "finish_reason") ReadFinishReason(field, collector->content());
      return SUCCESS;
    });
  }

  Error ReadMessage(Value message, TextCollector* collector) {
    bool has_reasoning = false;
    return ForEachField(message, [&](RawString key, Value field) {
      if (key == "content") return ReadContent(field, collector);
      if (key == "tool_calls") return ReadToolCalls(field, collector);
      if (key == "function_call") return ReadFunction(field, collector);
      if (key == "refusal") AddText(field, false, collector);
      if (key == "reasoning" || key == "reasoning_content") {
        absl::string_view text;
        if (has_reasoning || !document().StringText(field, &text)) return SUCCESS;
        has_reasoning = !text.empty();
        collector->Add(text, true);
      }
      return SUCCESS;
    });
  }

  // A text, or parts of {"type":"text","text":..}.
  Error ReadContent(Value content, TextCollector* collector) {
    AddText(content, false, collector);
    return ForEachItem(content, [&](Value part) {
      return ForEachField(part, [&](RawString key, Value field) {
        if (key == "text") AddText(field, false, collector);
        return SUCCESS;
      });
    });
  }

  Error ReadToolCalls(Value calls, TextCollector* collector) {
    return ForEachItem(calls, [&](Value call) {
      return ForEachField(call, [&](RawString key, Value field) {
        return key == "function" ? ReadFunction(field, collector) : SUCCESS;
      });
    });
  }

  Error ReadFunction(Value function, TextCollector* collector) {
    return ForEachField(function, [&](RawString key, Value field) {
      if (key == "name" || key == "arguments") AddText(field, false, collector);
      return SUCCESS;
    });
  }
};

std::vector<BodyField> Fields(const v1::Endpoint& endpoint) {
  std::vector<BodyField> fields = {{"messages", &AppendMessages}, {"model", &AppendModel}};
  AddGenerationFields(
      endpoint, endpoint.use_legacy_max_tokens() ? "max_tokens" : "max_completion_tokens", &fields);
  return fields;
}

std::unique_ptr<ResponseReader> MakeReader() { return std::make_unique<ChatReader>(); }

}  // namespace

extern constexpr Dialect kChatDialect = {
    .type = v1::ENDPOINT_CHAT,
    .name = "chat",
    .path = "/v1/chat/completions",
    .produces_tokens = true,
    .framing = Framing::kServerSentEvents,
    .takes_batches = false,
    .takes_roles = true,
    .takes_history = true,
    .has_legacy_limit = true,
    .body_fields = &Fields,
    .output_limit_keys = kOpenAiLimitKeys,
    .make_reader = &MakeReader,
    .models = kOpenAiModels,
};

}  // namespace drumfire
