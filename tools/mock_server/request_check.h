// The checks by which a persona's server refuses requests.
#pragma once

#include <optional>
#include <string>

#include "tools/mock_server/api_request.h"
#include "tools/mock_server/error_answer.h"
#include "tools/mock_server/http_request.h"
#include "tools/mock_server/options.h"

namespace drumfire::mock {

struct Refusal {
  ErrorCase error;
  std::string detail;
};

// Checks before the body is parsed.
std::optional<Refusal> CheckContentType(const HttpRequest& request, Persona persona);
// Checks fields, model and limits.
std::optional<Refusal> CheckRequest(const ApiRequest& request, const MockOptions& options);

}  // namespace drumfire::mock
