// Error responses of each persona's server: status, content type and body.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "tools/mock_server/persona.h"

namespace drumfire::mock {

enum class ErrorCase {
  kBadBody,        // not JSON, a missing field, a field of another type
  kBadTokenLimit,  // max_tokens below 1
  kUnknownField,
  kUnknownModel,
  kTokenIds,  // prompt as token ids, not supported
  kContentType,
  kNoSuchPath,
  kWrongMethod,
  kMalformed,  // not HTTP at all
  kTooLarge,
  kRateLimited,  // injected: 429
  kInternal,     // injected: 500
  kUnavailable,  // injected: 503
};

struct ErrorAnswer {
  int status = 500;
  std::string content_type = "application/json";
  std::string body;
};

// `detail` is plain text; it is escaped here.
ErrorAnswer MakeErrorAnswer(Persona persona, ErrorCase error, absl::string_view detail);

// The JSON of the event that ends a broken stream.
absl::string_view StreamErrorJson(Persona persona);

}  // namespace drumfire::mock
