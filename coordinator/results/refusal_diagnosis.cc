#include "coordinator/results/refusal_diagnosis.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/dialect/dialect.h"

namespace drumfire {
namespace {

constexpr uint32_t kBadRequest = 400, kUnauthorized = 401, kForbidden = 403, kNotFound = 404,
                   kUnprocessable = 422;

struct RefusalRule {
  bool (*applies)(const v1::Plan& plan);
  bool (*matches)(const ErrorDetails& error);
  absl::string_view advice;
};

bool IsTls(const ErrorDetails& error) { return error.type == "TlsError"; }

bool LacksKey(const ErrorDetails& error) {
  return error.code == kUnauthorized || error.code == kForbidden;
}

bool IsNotFound(const ErrorDetails& error) { return error.code == kNotFound; }

bool RefusesBody(const ErrorDetails& error) {
  return error.code == kBadRequest || error.code == kUnprocessable;
}

bool RefusesStreamOptions(const ErrorDetails& error) {
  return error.code >= kBadRequest && absl::StrContains(error.message, "stream_options");
}

bool RefusesNewLimit(const ErrorDetails& error) {
  return RefusesBody(error) && absl::StrContains(error.message, "max_completion_tokens");
}

// How servers word it: vLLM before 0.6 (pydantic), transformers, Dynamo, OpenAI.
bool RefusesField(const ErrorDetails& error) {
  if (!RefusesBody(error) || RefusesNewLimit(error) || RefusesStreamOptions(error)) return false;
  const std::string message = absl::AsciiStrToLower(error.message);
  for (absl::string_view words :
       {"extra_forbidden", "extra fields not permitted", "extra inputs are not permitted",
        "unexpected field", "unknown field", "unknown parameter", "unsupported parameter",
        "unrecognized request argument"}) {
    if (absl::StrContains(message, words)) return true;
  }
  return false;
}

bool AsksUsage(const v1::Plan& plan) {
  return plan.endpoint().streaming() && !plan.endpoint().omit_stream_usage();
}

bool SendsNewLimit(const v1::Plan& plan) {
  return DialectOf(plan.endpoint()).has_legacy_limit && !plan.endpoint().use_legacy_max_tokens();
}

bool HasExtraInputs(const v1::Plan& plan) { return !plan.endpoint().extra_inputs_json().empty(); }

bool Always(const v1::Plan&) { return true; }

constexpr RefusalRule kRules[] = {
    {Always, IsTls,
     "TLS failed: --ca-cert FILE trusts the root certificates in a PEM file; --insecure skips "
     "verification of the server's certificate."},
    {Always, LacksKey,
     "The server requires a key or refuses this one: use --api-key-file FILE or --api-key-env "
     "VARIABLE."},
    {Always, IsNotFound,
     "The server answered 404: check the path (--url, --endpoint) and the model's name (--model); "
     "GET /v1/models lists the names it knows."},
    {AsksUsage, RefusesStreamOptions,
     "The server refuses stream_options, which requests usage: --no-stream-usage omits it."},
    {SendsNewLimit, RefusesNewLimit,
     "The server refuses max_completion_tokens: --use-legacy-max-tokens sends max_tokens instead."},
    {HasExtraInputs, RefusesField,
     "The server refuses a field of the request: --extra-inputs adds fields to every request."},
};

}  // namespace

std::vector<std::string> DiagnoseRefusals(const v1::Plan& plan,
                                          const std::vector<ErrorKind>& errors) {
  std::vector<std::string> advice;
  for (const RefusalRule& rule : kRules) {
    const bool matches = std::any_of(errors.begin(), errors.end(), [&](const ErrorKind& kind) {
      return rule.matches(kind.details);
    });
    if (matches && rule.applies(plan)) advice.emplace_back(rule.advice);
  }
  return advice;
}

}  // namespace drumfire
