#include "tools/mock_server/usage.h"

#include "absl/strings/str_cat.h"

namespace drumfire::mock {

std::string UsageJson(Persona persona, const Usage& usage) {
  const std::string prompt = absl::StrCat("\"prompt_tokens\":", usage.prompt_tokens);
  const std::string completion = absl::StrCat("\"completion_tokens\":", usage.completion_tokens);
  const std::string total =
      absl::StrCat("\"total_tokens\":", usage.prompt_tokens + usage.completion_tokens);
  const std::string reasoning = absl::StrCat(
      ",\"completion_tokens_details\":{\"reasoning_tokens\":", usage.reasoning_tokens, "}");
  switch (persona) {
    case Persona::kVllm:  // says no reasoning tokens even when all were
      return absl::StrCat("\"usage\":{", prompt, ",", total, ",", completion, "}");
    case Persona::kLlamaServer:
      return absl::StrCat("\"usage\":{", completion, ",", prompt, ",", total,
                          ",\"prompt_tokens_details\":{\"cached_tokens\":0}}");
    case Persona::kTransformers:
      return absl::StrCat("\"usage\":{", completion, ",", prompt, ",", total, "}");
    case Persona::kLiteLlm:
      return absl::StrCat("\"usage\":{", completion, ",", prompt, ",", total, reasoning, "}");
    case Persona::kOpenAi:
    case Persona::kDynamo:
      break;
  }
  return absl::StrCat("\"usage\":{", prompt, ",", completion, ",", total, reasoning, "}");
}

}  // namespace drumfire::mock
