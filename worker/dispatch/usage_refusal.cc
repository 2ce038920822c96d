#include "worker/dispatch/usage_refusal.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/dialect/openai.h"

namespace drumfire {
namespace {

constexpr absl::string_view kLengthHeader = "Content-Length: ";

bool HoldsField(const Exchange& exchange) {
  return exchange.body != nullptr && absl::StrContains(*exchange.body, kAskForUsage);
}

// The length is the head's last line.
void SetLength(size_t body_bytes, std::string* head) {
  const size_t line = head->rfind(kLengthHeader.data(), std::string::npos, kLengthHeader.size());
  head->resize(line);
  absl::StrAppend(head, kLengthHeader, body_bytes, "\r\n\r\n");
}

std::string Without(absl::string_view field, absl::string_view body) {
  const size_t begin = body.find(field);
  return absl::StrCat(body.substr(0, begin), body.substr(begin + field.size()));
}

}  // namespace

bool UsageRefusal::IsRefusal(const Exchange& exchange) const {
  constexpr int kBadRequest = 400, kUnprocessable = 422;
  if (exchange.http_status != kBadRequest && exchange.http_status != kUnprocessable) return false;
  return (absl::StrContains(exchange.error_message, "stream_options") ||
          absl::StrContains(exchange.error_message, "include_usage")) &&
         HoldsField(exchange);
}

std::unique_ptr<Exchange> UsageRefusal::Again(const Exchange& refused) {
  has_refused_ = true;
  auto again = std::make_unique<Exchange>();
  static_cast<TurnRequest&>(*again) = refused;
  again->ready_ns = refused.end_ns;
  TakeOut(again.get());
  return again;
}

void UsageRefusal::Prepare(Exchange* exchange) {
  if (has_refused_ && !exchange->without_usage && HoldsField(*exchange)) TakeOut(exchange);
}

void UsageRefusal::TakeOut(Exchange* exchange) {
  exchange->body = WithoutField(*exchange);
  SetLength(exchange->body->size(), &exchange->head);
  exchange->without_usage = true;
}

// One copy for all first turns of the entry. What no other request holds is not kept.
UsageRefusal::Body UsageRefusal::WithoutField(const Exchange& exchange) {
  const auto key = std::make_pair(exchange.entry, exchange.model);
  const bool is_shared = exchange.turn == 0 && exchange.body.use_count() > 1;
  if (is_shared) {
    const MutexLock lock(&mutex_);
    if (const auto found = kept_.find(key); found != kept_.end()) return found->second;
  }
  auto body = std::make_shared<const std::string>(Without(kAskForUsage, *exchange.body));
  const MutexLock lock(&mutex_);
  if (is_shared && kept_bytes_ + body->size() <= kMostKeptBytes &&
      kept_.emplace(key, body).second) {
    kept_bytes_ += body->size();
  }
  return body;
}

}  // namespace drumfire
