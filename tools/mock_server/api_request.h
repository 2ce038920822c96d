// The contents of an OpenAI-style request body.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "simdjson.h"

namespace drumfire::mock {

enum class ApiKind { kChat, kCompletions, kEmbeddings };

struct ApiRequest {
  ApiKind kind = ApiKind::kChat;
  std::string model;
  bool stream = false;
  bool include_usage = false;
  bool has_stream_options = false;
  // max_completion_tokens, or else max_tokens.
  std::optional<int64_t> max_tokens;
  // Words separated by spaces in the prompt, messages or input; a token id counts as one. Chat
  // templates are not counted.
  int64_t prompt_tokens = 0;
  // Of these, known to the prefix cache, if there is one.
  std::optional<int64_t> cached_tokens;
  // All texts of the prompt, if requested.
  std::string prompt_text;
  // Inputs of an embeddings request.
  int64_t inputs = 0;
  bool prompt_is_token_ids = false;
  // Fields that OpenAI's own API does not have, in the order of the body.
  std::vector<std::string> vendor_fields;
};

// keep_text: fills prompt_text. Errors: InvalidArgument for a body that is not a JSON object or
// whose known fields have another type.
absl::StatusOr<ApiRequest> ParseApiRequest(ApiKind kind, absl::string_view body,
                                           simdjson::dom::parser* parser, bool keep_text = false);

}  // namespace drumfire::mock
