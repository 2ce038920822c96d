#include "tools/mock_server/usage.h"

#include "absl/strings/str_cat.h"

namespace drumfire::mock {
namespace {

std::string CountJson(int64_t count, OddUsage odd) {
  switch (odd) {
    case OddUsage::kNone:
      break;
    case OddUsage::kNull:
      return "null";
    case OddUsage::kText:
      return absl::StrCat("\"", count, "\"");
    case OddUsage::kNegative:
      return "-1";
    case OddUsage::kHuge:
      return absl::StrCat((int64_t{1} << 53) + 1);
  }
  return absl::StrCat(count);
}

std::string CachedJson(Persona persona, const Usage& usage) {
  const bool always_says = persona == Persona::kLlamaServer;
  if (!usage.cached_tokens.has_value() && !always_says) return "";
  const int64_t tokens = usage.cached_tokens.value_or(0);
  // vLLM leaves a zero out.
  if (tokens == 0 && persona == Persona::kVllm) return "";
  return absl::StrCat(",\"prompt_tokens_details\":{\"cached_tokens\":", tokens, "}");
}

}  // namespace

absl::StatusOr<OddUsage> ParseOddUsage(absl::string_view name) {
  if (name == "null") return OddUsage::kNull;
  if (name == "text") return OddUsage::kText;
  if (name == "negative") return OddUsage::kNegative;
  if (name == "huge") return OddUsage::kHuge;
  return absl::InvalidArgumentError(
      absl::StrCat("'", name, "' is none of null, text, negative, huge"));
}

std::string UsageJson(Persona persona, const Usage& usage) {
  const std::string prompt =
      absl::StrCat("\"prompt_tokens\":", CountJson(usage.prompt_tokens, usage.odd));
  const std::string completion =
      absl::StrCat("\"completion_tokens\":", CountJson(usage.completion_tokens, usage.odd));
  const std::string total =
      absl::StrCat("\"total_tokens\":", usage.prompt_tokens + usage.completion_tokens);
  const std::string reasoning = absl::StrCat(
      ",\"completion_tokens_details\":{\"reasoning_tokens\":", usage.reasoning_tokens, "}");
  const std::string cached = CachedJson(persona, usage);
  switch (persona) {
    case Persona::kVllm:  // says no reasoning tokens even when all were
      return absl::StrCat("\"usage\":{", prompt, ",", total, ",", completion, cached, "}");
    case Persona::kLlamaServer:
    case Persona::kTransformers:
      return absl::StrCat("\"usage\":{", completion, ",", prompt, ",", total, cached, "}");
    case Persona::kLiteLlm:
      return absl::StrCat("\"usage\":{", completion, ",", prompt, ",", total, reasoning, cached,
                          "}");
    case Persona::kOpenAi:
    case Persona::kDynamo:
      break;
  }
  return absl::StrCat("\"usage\":{", prompt, ",", completion, ",", total, reasoning, cached, "}");
}

}  // namespace drumfire::mock
