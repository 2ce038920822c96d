#include "common/endpoint/head_template.h"

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/plan/version.h"

namespace drumfire {
namespace {

constexpr absl::string_view kRequestIdHeader = "X-Request-ID";
constexpr absl::string_view kCorrelationIdHeader = "X-Correlation-ID";

// A token's bytes (RFC 9110 section 5.6.2).
bool IsTokenByte(unsigned char c) {
  return absl::ascii_isalnum(c) ||
         absl::string_view("!#$%&'*+-.^_`|~").find(c) != absl::string_view::npos;
}

bool IsBadValueByte(char c) { return c == '\r' || c == '\n' || c == '\0'; }

bool HasHeader(const std::vector<v1::Header>& headers, absl::string_view name) {
  return absl::c_any_of(headers, [name](const v1::Header& header) {
    return absl::EqualsIgnoreCase(header.name(), name);
  });
}

void AppendHeader(absl::string_view name, absl::string_view value, std::string* out) {
  absl::StrAppend(out, name, ": ", value, "\r\n");
}

}  // namespace

absl::Status CheckHeader(const v1::Header& header) {
  const std::string name = absl::CEscape(header.name());
  if (header.name().empty() || !absl::c_all_of(header.name(), IsTokenByte)) {
    return absl::InvalidArgumentError(
        absl::StrCat("header \"", name, "\": expected a name of letters, digits and dashes"));
  }
  if (absl::c_any_of(header.value(), IsBadValueByte)) {
    return absl::InvalidArgumentError(
        absl::StrCat("header \"", name, "\": the value holds a line break or a NUL"));
  }
  for (absl::string_view framing : {"Content-Length", "Transfer-Encoding"}) {
    if (!absl::EqualsIgnoreCase(header.name(), framing)) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("header \"", name, "\": is set by the body that is sent, not by hand"));
  }
  return absl::OkStatus();
}

HeadTemplate::HeadTemplate(const Url& url, bool streaming, const std::vector<v1::Header>& headers)
    : sends_request_id_(!HasHeader(headers, kRequestIdHeader)),
      sends_correlation_id_(!HasHeader(headers, kCorrelationIdHeader)) {
  absl::StrAppend(&constant_, "POST ", url.Target(), " HTTP/1.1\r\n");
  const std::pair<absl::string_view, std::string> ours[] = {
      {"Host", url.Authority()},
      {"User-Agent", absl::StrCat("drumfire/", kVersion)},
      {"Content-Type", "application/json"},
      {"Accept", streaming ? "text/event-stream" : "application/json"}};
  for (const auto& [name, value] : ours) {
    if (!HasHeader(headers, name)) AppendHeader(name, value, &constant_);
  }
  for (const v1::Header& header : headers) AppendHeader(header.name(), header.value(), &constant_);
}

void HeadTemplate::Append(absl::string_view request_id, absl::string_view correlation_id,
                          size_t body_bytes, std::string* out) const {
  out->append(constant_);
  if (sends_request_id_) AppendHeader(kRequestIdHeader, request_id, out);
  if (sends_correlation_id_) AppendHeader(kCorrelationIdHeader, correlation_id, out);
  absl::StrAppend(out, "Content-Length: ", body_bytes, "\r\n\r\n");
}

}  // namespace drumfire
