// What the OpenAI dialects share in requests and model lists. How they are read: openai_reader.h.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/dialect/body_field.h"
#include "common/dialect/dialect.h"

namespace drumfire {

// How a streaming body asks for usage, the comma before it included. No prompt can hold it: quotes
// in a text are escaped.
constexpr absl::string_view kAskForUsage = R"(,"stream_options":{"include_usage":true})";

// "stream", the output limit under its key, and "stream_options", in this order.
void AddGenerationFields(const v1::Endpoint& endpoint, absl::string_view limit_key,
                         std::vector<BodyField>* fields);

// {"data":[{"id":..}]}
std::optional<std::vector<std::string>> OpenAiModelNames(absl::string_view body);

constexpr ModelListing kOpenAiModels = {"/v1/models", &OpenAiModelNames};

constexpr absl::string_view kOpenAiLimitKeys[] = {"max_tokens", "max_completion_tokens"};

}  // namespace drumfire
