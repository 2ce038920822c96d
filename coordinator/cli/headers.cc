#include "coordinator/cli/headers.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "coordinator/cli/flag_values.h"

namespace drumfire {
namespace {

// RFC 9110, section 5.6.2.
bool IsToken(absl::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           absl::StrContains("!#$%&'*+-.^_`|~", absl::string_view(&c, 1));
  });
}

bool IsFieldValue(absl::string_view value) {
  return std::all_of(value.begin(), value.end(),
                     [](unsigned char c) { return c == '\t' || (c >= 0x20 && c != 0x7f); });
}

}  // namespace

absl::StatusOr<v1::Header> ParseHeader(absl::string_view flag, absl::string_view text) {
  const size_t colon = text.find(':');
  if (colon == text.npos) {
    return UsageError(flag, "requires NAME:VALUE; the colon is missing");
  }
  const absl::string_view name = absl::StripAsciiWhitespace(text.substr(0, colon));
  const absl::string_view value = absl::StripAsciiWhitespace(text.substr(colon + 1));
  if (!IsToken(name)) return FlagError(flag, Quoted(name), "a valid HTTP header name");
  if (!IsFieldValue(value)) {
    return UsageError(flag, absl::StrCat("has a control character in the value of ", name));
  }
  v1::Header header;
  header.set_name(std::string(name));
  header.set_value(std::string(value));
  return header;
}

bool IsSecretHeader(absl::string_view name) {
  const std::string lower = absl::AsciiStrToLower(name);
  const absl::string_view marks[] = {"auth",     "key",    "token",     "secret",
                                     "password", "cookie", "credential"};
  return std::any_of(std::begin(marks), std::end(marks),
                     [&](absl::string_view mark) { return absl::StrContains(lower, mark); });
}

}  // namespace drumfire
