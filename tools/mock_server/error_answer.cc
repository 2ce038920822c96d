#include "tools/mock_server/error_answer.h"

#include "absl/strings/str_cat.h"
#include "tools/mock_server/json_text.h"

namespace drumfire::mock {
namespace {

absl::string_view ErrorType(int status) {
  if (status == 404) return "NotFoundError";
  if (status == 429) return "RateLimitError";
  if (status == 503) return "ServiceUnavailableError";
  return status < 500 ? "BadRequestError" : "InternalServerError";
}

int UsualStatus(ErrorCase error) {
  switch (error) {
    case ErrorCase::kBadBody:
    case ErrorCase::kBadTokenLimit:
    case ErrorCase::kUnknownField:
    case ErrorCase::kTokenIds:
    case ErrorCase::kMalformed:
    case ErrorCase::kContentType:
      return 400;
    case ErrorCase::kUnknownModel:
    case ErrorCase::kNoSuchPath:
      return 404;
    case ErrorCase::kWrongMethod:
      return 405;
    case ErrorCase::kTooLarge:
      return 413;
    case ErrorCase::kRateLimited:
      return 429;
    case ErrorCase::kInternal:
      return 500;
    case ErrorCase::kUnavailable:
      return 503;
  }
  return 500;
}

int Status(Persona persona, ErrorCase error) {
  if (persona == Persona::kTransformers) {
    if (error == ErrorCase::kBadBody || error == ErrorCase::kUnknownField) return 422;
    if (error == ErrorCase::kContentType) return 422;
    if (error == ErrorCase::kUnknownModel) return 400;
    if (error == ErrorCase::kBadTokenLimit) return 500;
  }
  if (persona == Persona::kLiteLlm && error == ErrorCase::kUnknownModel) return 400;
  if (persona == Persona::kLlamaServer && error == ErrorCase::kBadBody) return 500;
  if (persona == Persona::kDynamo && error == ErrorCase::kContentType) return 415;
  return UsualStatus(error);
}

std::string Body(Persona persona, int status, absl::string_view detail) {
  const std::string message = JsonQuoted(detail);
  const absl::string_view type = ErrorType(status);
  switch (persona) {
    case Persona::kLlamaServer:
      return absl::StrCat(R"({"error":{"code":)", status, R"(,"message":)", message,
                          R"(,"type":"invalid_request_error"}})");
    case Persona::kDynamo:
      return absl::StrCat(R"({"message":)", message, R"(,"type":")", type, R"(","code":)", status,
                          "}");
    case Persona::kTransformers:
      return absl::StrCat(R"({"detail":[{"type":"value_error","loc":["body"],"msg":)", message,
                          "}]}");
    case Persona::kLiteLlm:  // the code is a string here
      return absl::StrCat(R"({"error":{"message":)", message, R"(,"type":")", type,
                          R"(","param":null,"code":")", status, R"("}})");
    case Persona::kOpenAi:
    case Persona::kVllm:
      break;
  }
  return absl::StrCat(R"({"error":{"message":)", message, R"(,"type":")", type,
                      R"(","param":null,"code":)", status, "}}");
}

// The refusals that were seen to have no JSON in them.
bool IsPlainText(Persona persona, ErrorCase error) {
  return persona == Persona::kTransformers &&
         (error == ErrorCase::kBadTokenLimit || error == ErrorCase::kInternal);
}

}  // namespace

ErrorAnswer MakeErrorAnswer(Persona persona, ErrorCase error, absl::string_view detail) {
  ErrorAnswer answer;
  answer.status = Status(persona, error);
  if (error == ErrorCase::kMalformed) {
    answer.content_type = "text/plain; charset=utf-8";
    answer.body = std::string(detail);
  } else if (IsPlainText(persona, error)) {
    answer.content_type = "text/plain; charset=utf-8";
    answer.body = "Internal Server Error";
  } else if (error == ErrorCase::kUnknownModel && TraitsOf(persona).empty_body_is_not_found) {
    answer.content_type.clear();
  } else {
    answer.body = Body(persona, answer.status, detail);
  }
  return answer;
}

absl::string_view StreamErrorJson(Persona persona) {
  if (persona == Persona::kDynamo) {
    return R"({"error":{"message":"Service temporarily unavailable",)"
           R"("type":"service_unavailable","code":503}})";
  }
  return R"({"error": {"message": "EngineCore encountered an issue. See stack trace (above) for the root cause.", )"
         R"("type": "InternalServerError", "param": null, "code": 500}})";
}

}  // namespace drumfire::mock
