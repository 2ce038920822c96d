// The usage object of an answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/mock_server/persona.h"

namespace drumfire::mock {

// The value sent instead of a count.
enum class OddUsage {
  kNone,
  kNull,
  kText,      // the number in quotes
  kNegative,  // -1
  kHuge,      // 2^53 + 1, which no double holds
};
constexpr OddUsage kOddUsages[] = {OddUsage::kNull, OddUsage::kText, OddUsage::kNegative,
                                   OddUsage::kHuge};
// "null", "text", "negative" or "huge".
absl::StatusOr<OddUsage> ParseOddUsage(absl::string_view name);

struct Usage {
  int64_t prompt_tokens = 0;
  int64_t completion_tokens = 0;
  int64_t reasoning_tokens = 0;
  std::optional<int64_t> cached_tokens =
      std::nullopt;                // of the prompt; nothing: the server does not say
  OddUsage odd = OddUsage::kNone;  // of prompt and completion tokens
};

// `"usage":{...}` in the persona's order of keys.
std::string UsageJson(Persona persona, const Usage& usage);

}  // namespace drumfire::mock
