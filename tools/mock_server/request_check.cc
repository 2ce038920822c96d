#include "tools/mock_server/request_check.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace drumfire::mock {
namespace {

bool NeedsJsonContentType(Persona persona) {
  return persona == Persona::kVllm || persona == Persona::kDynamo ||
         persona == Persona::kTransformers;
}

// Vendor fields that Dynamo takes although OpenAI's API does not have them.
bool DynamoKnows(const std::string& field) {
  constexpr absl::string_view kKnown[] = {"ignore_eos", "min_tokens", "nvext",
                                          "top_k",      "min_p",      "repetition_penalty"};
  return std::find(std::begin(kKnown), std::end(kKnown), field) != std::end(kKnown);
}

std::optional<Refusal> CheckFields(const ApiRequest& request, Persona persona) {
  for (const std::string& field : request.vendor_fields) {
    if (persona == Persona::kTransformers) {
      return Refusal{ErrorCase::kUnknownField,
                     absl::StrCat("Unexpected fields in the request: {'", field, "'}")};
    }
    if (persona == Persona::kDynamo && !DynamoKnows(field)) {
      return Refusal{ErrorCase::kUnknownField,
                     absl::StrCat("Unsupported parameter(s): `", field, "`")};
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> CheckContentType(const HttpRequest& request, Persona persona) {
  if (!NeedsJsonContentType(persona)) return std::nullopt;
  if (absl::StartsWithIgnoreCase(request.content_type, "application/json")) return std::nullopt;
  return Refusal{ErrorCase::kContentType, "Expected request with `Content-Type: application/json`"};
}

std::optional<Refusal> CheckRequest(const ApiRequest& request, const MockOptions& options) {
  if (std::optional<Refusal> refusal = CheckFields(request, options.persona)) return refusal;
  if (options.refuse_stream_options && request.has_stream_options) {
    return Refusal{ErrorCase::kUnknownField, "Unknown parameter: 'stream_options'."};
  }
  const bool names_matter = options.persona != Persona::kLlamaServer;
  if (options.only_this_model && names_matter && request.model != options.model) {
    return Refusal{ErrorCase::kUnknownModel,
                   absl::StrCat("The model `", request.model, "` does not exist.")};
  }
  if (request.prompt_is_token_ids && options.persona == Persona::kTransformers) {
    return Refusal{ErrorCase::kTokenIds, "prompt must be a string."};
  }
  const bool any_limit = options.persona == Persona::kLlamaServer;
  if (!any_limit && request.max_tokens.value_or(1) < 1) {
    return Refusal{ErrorCase::kBadTokenLimit,
                   absl::StrCat("max_tokens must be at least 1, got ", *request.max_tokens, ".")};
  }
  return std::nullopt;
}

}  // namespace drumfire::mock
