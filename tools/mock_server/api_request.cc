#include "tools/mock_server/api_request.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace drumfire::mock {
namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

// Fields of OpenAI's chat, completions and embeddings bodies that do not matter here but are no
// vendor's own.
constexpr std::array<std::string_view, 29> kOpenAiFields = {"audio",
                                                            "best_of",
                                                            "dimensions",
                                                            "echo",
                                                            "encoding_format",
                                                            "function_call",
                                                            "functions",
                                                            "frequency_penalty",
                                                            "logit_bias",
                                                            "logprobs",
                                                            "metadata",
                                                            "modalities",
                                                            "n",
                                                            "parallel_tool_calls",
                                                            "prediction",
                                                            "presence_penalty",
                                                            "reasoning_effort",
                                                            "response_format",
                                                            "seed",
                                                            "service_tier",
                                                            "stop",
                                                            "store",
                                                            "suffix",
                                                            "temperature",
                                                            "tool_choice",
                                                            "tools",
                                                            "top_logprobs",
                                                            "top_p",
                                                            "user"};

int64_t CountWords(std::string_view text) {
  int64_t words = 0;
  bool in_space = true;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    words += in_space && !space;
    in_space = space;
  }
  return words;
}

// Words of all texts in a prompt, message list or input, however deep.
int64_t CountPromptTokens(const element& value) {
  switch (value.type()) {
    case element_type::STRING:
      return CountWords(std::string_view(value));
    case element_type::INT64:
    case element_type::UINT64:
      return 1;
    case element_type::ARRAY: {
      int64_t total = 0;
      for (const element item : simdjson::dom::array(value)) total += CountPromptTokens(item);
      return total;
    }
    case element_type::OBJECT: {  // a message, or a part of one
      int64_t total = 0;
      for (const auto field : simdjson::dom::object(value)) {
        if (field.key == "content" || field.key == "text") total += CountPromptTokens(field.value);
      }
      return total;
    }
    default:
      return 0;
  }
}

// The same texts as CountPromptTokens counts, each behind a space.
void AppendPromptText(const element& value, std::string* out) {
  if (value.is_string()) {
    out->append(" ").append(std::string_view(value));
  } else if (value.is_int64()) {
    absl::StrAppend(out, " ", int64_t(value));
  } else if (value.is_array()) {
    for (const element item : simdjson::dom::array(value)) AppendPromptText(item, out);
  } else if (value.is_object()) {
    for (const auto field : simdjson::dom::object(value)) {
      if (field.key == "content" || field.key == "text") AppendPromptText(field.value, out);
    }
  }
}

bool IsPrompt(std::string_view key) {
  return key == "messages" || key == "prompt" || key == "input";
}

bool IsTokenIds(const element& prompt) {
  if (!prompt.is_array()) return false;
  for (const element item : simdjson::dom::array(prompt)) return item.is_int64();
  return false;
}

absl::Status WrongType(std::string_view field, absl::string_view expected) {
  return absl::InvalidArgumentError(absl::StrCat(
      "field '", absl::string_view(field.data(), field.size()), "': expected ", expected));
}

void ReadPrompt(const element& value, ApiRequest* request) {
  request->prompt_tokens = CountPromptTokens(value);
  request->prompt_is_token_ids = request->kind == ApiKind::kCompletions && IsTokenIds(value);
  request->inputs = 1;
  if (value.is_array() && !IsTokenIds(value)) request->inputs = simdjson::dom::array(value).size();
}

absl::Status ReadMaxTokens(std::string_view key, const element& value, ApiRequest* request) {
  if (value.is_null()) return absl::OkStatus();
  int64_t tokens = 0;
  if (value.get(tokens) != simdjson::SUCCESS) return WrongType(key, "a whole number");
  if (key == "max_completion_tokens" || !request->max_tokens.has_value()) {
    request->max_tokens = tokens;
  }
  return absl::OkStatus();
}

absl::Status ReadStreamOptions(const element& value, ApiRequest* request) {
  if (value.is_null()) return absl::OkStatus();
  if (!value.is_object()) return WrongType("stream_options", "an object");
  request->has_stream_options = true;
  if (value["include_usage"].get(request->include_usage) != simdjson::SUCCESS) {
    request->include_usage = false;
  }
  return absl::OkStatus();
}

absl::Status ReadField(std::string_view key, const element& value, ApiRequest* request) {
  if (IsPrompt(key)) {
    ReadPrompt(value, request);
  } else if (key == "model") {
    std::string_view model;
    if (value.get(model) != simdjson::SUCCESS) return WrongType(key, "a string");
    request->model = std::string(model);
  } else if (key == "stream") {
    if (value.is_null()) return absl::OkStatus();
    if (value.get(request->stream) != simdjson::SUCCESS) return WrongType(key, "true or false");
  } else if (key == "max_completion_tokens" || key == "max_tokens") {
    return ReadMaxTokens(key, value, request);
  } else if (key == "stream_options") {
    return ReadStreamOptions(value, request);
  } else if (std::find(kOpenAiFields.begin(), kOpenAiFields.end(), key) == kOpenAiFields.end()) {
    request->vendor_fields.emplace_back(key);
  }
  return absl::OkStatus();
}

absl::Status CheckPromptField(const ApiRequest& request, const simdjson::dom::object& body) {
  const char* const name = request.kind == ApiKind::kChat          ? "messages"
                           : request.kind == ApiKind::kCompletions ? "prompt"
                                                                   : "input";
  if (body.at_key(name).error() == simdjson::SUCCESS) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("field '", name, "' is missing"));
}

}  // namespace

absl::StatusOr<ApiRequest> ParseApiRequest(ApiKind kind, absl::string_view body,
                                           simdjson::dom::parser* parser, bool keep_text) {
  ApiRequest request;
  request.kind = kind;
  element root;
  if (const auto error = parser->parse(body.data(), body.size()).get(root);
      error != simdjson::SUCCESS) {
    return absl::InvalidArgumentError(
        absl::StrCat("body is not JSON: ", simdjson::error_message(error)));
  }
  if (!root.is_object()) return absl::InvalidArgumentError("body is not a JSON object");
  const simdjson::dom::object object(root);
  for (const auto field : object) {
    const absl::Status status = ReadField(field.key, field.value, &request);
    if (!status.ok()) return status;
    if (keep_text && IsPrompt(field.key)) AppendPromptText(field.value, &request.prompt_text);
  }
  const absl::Status status = CheckPromptField(request, object);
  if (!status.ok()) return status;
  return request;
}

}  // namespace drumfire::mock
