#include "common/text/known_secrets.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace drumfire {
namespace {

constexpr absl::string_view kSecretWords[] = {
    "key", "token", "secret", "password", "auth", "passwd", "sig", "credential", "code", "session"};

bool SoundsSecret(absl::string_view key) {
  const std::string lower = absl::AsciiStrToLower(key);
  return std::any_of(std::begin(kSecretWords), std::end(kSecretWords),
                     [&lower](absl::string_view word) { return absl::StrContains(lower, word); });
}

// The user information before the '@' of the authority; empty = none.
absl::string_view UserInfoOf(absl::string_view url) {
  const size_t scheme = url.find("://");
  if (scheme == absl::string_view::npos) return "";
  const absl::string_view rest = url.substr(scheme + 3);
  const absl::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  const size_t at = authority.rfind('@');
  return at == absl::string_view::npos ? "" : authority.substr(0, at);
}

// Bytes at the end of the text that begin the secret; fewer than kShortestStruck count as none.
size_t BegunAtEnd(absl::string_view text, absl::string_view secret) {
  for (size_t size = std::min(text.size(), secret.size() - 1); size >= kShortestStruck; --size) {
    if (absl::EndsWith(text, secret.substr(0, size))) return size;
  }
  return 0;
}

}  // namespace

std::vector<absl::string_view> SecretValuesOf(absl::string_view url) {
  std::vector<absl::string_view> values;
  const size_t query = url.find('?');
  if (query == absl::string_view::npos) return values;
  for (const absl::string_view pair :
       absl::StrSplit(url.substr(query + 1), absl::ByAnyChar("&;#"))) {
    const size_t equals = pair.find('=');
    if (equals == absl::string_view::npos || !SoundsSecret(pair.substr(0, equals))) continue;
    if (equals + 1 < pair.size()) values.push_back(pair.substr(equals + 1));
  }
  return values;
}

void KnownSecrets::Add(absl::string_view secret) {
  if (secret.size() < kShortestStruck) return;
  secrets_.emplace_back(secret);
  std::sort(secrets_.begin(), secrets_.end(),
            [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

void KnownSecrets::AddHeaderValue(absl::string_view value) {
  const absl::string_view whole = absl::StripAsciiWhitespace(value);
  Add(whole);
  const size_t blank = whole.find(' ');
  if (blank != absl::string_view::npos) Add(absl::StripAsciiWhitespace(whole.substr(blank)));
}

void KnownSecrets::AddUrl(absl::string_view url) {
  const absl::string_view user = UserInfoOf(url);
  Add(user);
  const size_t colon = user.find(':');
  if (colon != absl::string_view::npos) Add(user.substr(colon + 1));
  for (const absl::string_view value : SecretValuesOf(url)) Add(value);
}

std::string KnownSecrets::Strike(absl::string_view text) const {
  std::string struck(text);
  for (const std::string& secret : secrets_) {
    if (absl::StrContains(struck, secret)) absl::StrReplaceAll({{secret, kStruck}}, &struck);
  }
  for (const std::string& secret : secrets_) {
    const size_t begun = BegunAtEnd(struck, secret);
    if (begun > 0) struck.replace(struck.size() - begun, begun, kStruck.data(), kStruck.size());
  }
  return struck;
}

std::string WithoutSecrets(absl::string_view url) {
  std::string shown(url);
  // From the end, so that what is before keeps its place.
  std::vector<absl::string_view> values = SecretValuesOf(url);
  for (auto value = values.rbegin(); value != values.rend(); ++value) {
    shown.replace(static_cast<size_t>(value->data() - url.data()), value->size(), kStruck.data(),
                  kStruck.size());
  }
  const absl::string_view user = UserInfoOf(url);
  if (!user.empty()) {
    shown.replace(static_cast<size_t>(user.data() - url.data()), user.size(), kStruck.data(),
                  kStruck.size());
  }
  return shown;
}

}  // namespace drumfire
