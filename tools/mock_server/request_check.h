// What a persona's server refuses.
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

// Before the body is looked at.
std::optional<Refusal> CheckContentType(const HttpRequest& request, Persona persona);
// Fields, model and limits.
std::optional<Refusal> CheckRequest(const ApiRequest& request, const MockOptions& options);

}  // namespace drumfire::mock
