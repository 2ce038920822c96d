// The usage object of an answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tools/mock_server/persona.h"

namespace drumfire::mock {

struct Usage {
  int64_t prompt_tokens = 0;
  int64_t completion_tokens = 0;
  int64_t reasoning_tokens = 0;
  std::optional<int64_t> cached_tokens;  // of the prompt; nothing: the server does not say
};

// `"usage":{...}` in the persona's order of keys.
std::string UsageJson(Persona persona, const Usage& usage);

}  // namespace drumfire::mock
