#include "coordinator/results/error_summary.h"

#include <algorithm>

#include "coordinator/results/error_group.h"

namespace drumfire {
namespace {

constexpr char kCancelledType[] = "RequestCancellationError";
constexpr uint32_t kCancelledCode = 499;  // AIPerf's code for requests that the client cancelled
constexpr char kManyMessages[] = "(further messages, not kept apart)";

const char* TypeName(v1::ErrorClass error_class) {
  switch (error_class) {
    case v1::ERROR_REFUSED:
      return "ConnectionRefused";
    case v1::ERROR_RESET:
      return "ConnectionReset";
    case v1::ERROR_CONNECT_TIMEOUT:
      return "ConnectTimeout";
    case v1::ERROR_FIRST_BYTE_TIMEOUT:
      return "FirstByteTimeout";
    case v1::ERROR_REQUEST_TIMEOUT:
      return "RequestTimeout";
    case v1::ERROR_STALLED:
      return "StreamStalled";
    case v1::ERROR_TLS:
      return "TlsError";
    case v1::ERROR_DNS:
      return "NameLookupError";
    case v1::ERROR_HTTP_STATUS:
      return "HttpStatus";
    case v1::ERROR_TRUNCATED:
      return "TruncatedResponse";
    case v1::ERROR_BAD_BODY:
      return "BadResponse";
    case v1::ERROR_IN_STREAM:
      return "ErrorInStream";
    case v1::ERROR_NO_OUTPUT:
      return "NoOutput";
    case v1::ERROR_UNFINISHED:
      return "UnfinishedStream";
    case v1::ERROR_CLIENT_LIMIT:
      return "ClientLimit";
    default:
      return "Error";
  }
}

ErrorDetails CancelledDetails(const v1::Record& record) {
  const std::string& message = record.error().message();
  return {kCancelledCode, kCancelledType, message.empty() ? "Request cancelled" : message};
}

}  // namespace

ErrorDetails DetailsOf(const v1::Record& record) {
  if (record.outcome() == v1::OUTCOME_CANCELLED) return CancelledDetails(record);
  const v1::RequestError& error = record.error();
  ErrorDetails details{0, TypeName(error.kind()), error.message()};
  if (error.kind() == v1::ERROR_HTTP_STATUS) {
    details.code = record.http_status();
    if (!error.reason().empty()) details.type = error.reason();
  }
  return details;
}

bool IsCancellation(const ErrorDetails& details) {
  return details.code == kCancelledCode && details.type == kCancelledType;
}

void ErrorSummary::Add(const v1::Record& record) {
  if (record.outcome() != v1::OUTCOME_FAILED && record.outcome() != v1::OUTCOME_CANCELLED) return;
  ++by_class_[record.error().kind()];
  ErrorDetails details = DetailsOf(record);
  ErrorDetails key{details.code, details.type, ErrorGroupOf(details.message)};
  if (kinds_.size() >= kMaxKinds && !kinds_.contains(key)) {
    key.message = details.message = kManyMessages;
  }
  ErrorKind& kind = kinds_[std::move(key)];
  if (kind.count++ == 0) kind.details = std::move(details);
}

std::vector<ErrorKind> ErrorSummary::Kinds() const {
  std::vector<ErrorKind> kinds;
  for (const auto& [key, kind] : kinds_) kinds.push_back(kind);
  std::stable_sort(kinds.begin(), kinds.end(),
                   [](const ErrorKind& a, const ErrorKind& b) { return a.count > b.count; });
  return kinds;
}

uint64_t ErrorSummary::CountOf(v1::ErrorClass error_class) const {
  const auto found = by_class_.find(error_class);
  return found == by_class_.end() ? 0 : found->second;
}

}  // namespace drumfire
