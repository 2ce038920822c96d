#include "common/dialect/openai_reader.h"

#include "absl/strings/ascii.h"

namespace drumfire {

using simdjson::error_code;
using simdjson::SUCCESS;
using simdjson::ondemand::raw_json_string;
using simdjson::ondemand::value;

namespace {

void ReadCount(value field, std::optional<uint32_t>* count, TokenUsage* usage) {
  *count = CountOf(field);
  usage->is_malformed |= !count->has_value();
}

error_code ReadUsageDetails(value details, absl::string_view name, std::optional<uint32_t>* count,
                            TokenUsage* usage) {
  return ForEachField(details, [&](raw_json_string key, value field) {
    if (!key.unsafe_is_equal(std::string_view(name.data(), name.size())) || IsNull(field))
      return SUCCESS;
    ReadCount(field, count, usage);
    return SUCCESS;
  });
}

error_code ReadUsage(value object, TokenUsage* usage) {
  *usage = TokenUsage();
  return ForEachField(object, [usage](raw_json_string key, value field) {
    if (key == "prompt_tokens") ReadCount(field, &usage->prompt_tokens, usage);
    if (key == "completion_tokens") ReadCount(field, &usage->completion_tokens, usage);
    if (key == "total_tokens") ReadCount(field, &usage->total_tokens, usage);
    if (key == "completion_tokens_details") {
      return ReadUsageDetails(field, "reasoning_tokens", &usage->reasoning_tokens, usage);
    }
    if (key == "prompt_tokens_details") {
      return ReadUsageDetails(field, "cached_tokens", &usage->cached_prompt_tokens, usage);
    }
    return SUCCESS;
  });
}

bool HasTokens(const TokenUsage& usage) {
  return usage.prompt_tokens.value_or(0) > 0 || usage.completion_tokens.value_or(0) > 0 ||
         usage.total_tokens.value_or(0) > 0;
}

bool IsDone(absl::string_view data) {
  return !data.empty() && data.front() != '{' && absl::StripAsciiWhitespace(data) == "[DONE]";
}

}  // namespace

void OpenAiReader::ReadEvent(absl::string_view data, EventShape* shape, TextSink* sink,
                             EventContent* content) {
  *content = EventContent();
  TextCollector collector(sink, content);
  absl::string_view text;
  if (shape->Match(data, &text)) {
    content->has_answer = true;
    collector.Add(text, shape->is_reasoning());
    return;
  }
  if (IsDone(data)) {
    content->kind = EventContent::Kind::kDone;
    return;
  }
  ReadDocument(data, &collector);
  bool is_reasoning = false;
  const bool is_text_event = content->kind == EventContent::Kind::kContent && content->has_answer &&
                             !content->has_usage && !content->usage.is_malformed;
  if (is_text_event && collector.SingleText(&text, &is_reasoning))
    shape->Learn(data, text, is_reasoning);
}

void OpenAiReader::ReadBody(absl::string_view body, TextSink* sink, EventContent* content) {
  *content = EventContent();
  TextCollector collector(sink, content);
  ReadDocument(body, &collector);
}

void OpenAiReader::ReadDocument(absl::string_view data, TextCollector* collector) {
  const error_code error = ReadRoot(data, collector);
  EventContent* content = collector->content();
  if (content->kind == EventContent::Kind::kError) return;  // whatever else is wrong with it
  if (error != SUCCESS || !document_.IsAtEnd()) content->kind = EventContent::Kind::kMalformed;
}

error_code OpenAiReader::ReadRoot(absl::string_view data, TextCollector* collector) {
  simdjson::ondemand::object root;
  error_code error = document_.Parse(data);
  if (error == SUCCESS) error = document_.Root(&root);
  if (error != SUCCESS) return error;
  EventContent* content = collector->content();
  error = ForEachField(root, [&](raw_json_string key, value field) {
    if (key == "usage") return ReadUsage(field, &content->usage);
    if (key == "error") {
      ReadError(field, content);
      return SUCCESS;
    }
    if (key != "object") return ReadField(key, field, collector);
    ReadObjectName(field, content);
    return SUCCESS;
  });
  content->has_usage = HasTokens(content->usage);
  if (!content->has_usage) {
    const bool is_malformed = content->usage.is_malformed;
    content->usage = TokenUsage();
    content->usage.is_malformed = is_malformed;
  }
  return error;
}

// Servers write null, or an empty text, when there is none.
void OpenAiReader::ReadError(value field, EventContent* content) {
  absl::string_view text;
  const bool is_none = IsNull(field) || (document_.StringText(field, &text) && text.empty());
  if (!is_none) content->kind = EventContent::Kind::kError;
}

// vLLM before 0.10 and its kin send {"object":"error","message":..}.
void OpenAiReader::ReadObjectName(value field, EventContent* content) {
  absl::string_view name;
  if (document_.StringText(field, &name) && name == "error") {
    content->kind = EventContent::Kind::kError;
  }
}

void OpenAiReader::ReadFinishReason(value field, EventContent* content) {
  absl::string_view reason;
  if (!document_.StringText(field, &reason)) return;
  content->has_finish |= !reason.empty();
  if (reason == "error") content->kind = EventContent::Kind::kError;
  content->has_length_finish |= reason == "length";
}

void OpenAiReader::AddText(value field, bool is_reasoning, TextCollector* collector) {
  absl::string_view text;
  if (document_.StringText(field, &text)) collector->Add(text, is_reasoning);
}

}  // namespace drumfire
