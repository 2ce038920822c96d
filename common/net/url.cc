#include "common/net/url.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "common/text/known_secrets.h"

namespace drumfire {
namespace {

constexpr uint16_t kHttpPort = 80;
constexpr uint16_t kHttpsPort = 443;

// A text that may hold a password is not repeated, nor is any part of it.
absl::Status BadUrl(absl::string_view text, absl::string_view what) {
  if (absl::StrContains(text, "@")) {
    text = "(hidden)";
    what = "holds a user name or password; give credentials by --api-key-file or -H";
  }
  return absl::InvalidArgumentError(
      absl::StrCat("URL \"", absl::CEscape(WithoutSecrets(text)), "\": ", what,
                   "; expected http://host[:port][/path] or https://..."));
}

// Takes "http://" or "https://" off *rest.
absl::Status TakeScheme(absl::string_view text, absl::string_view* rest, Url* url) {
  const size_t end = text.find("://");
  if (end == absl::string_view::npos ||
      text.substr(0, end).find_first_of("/?#") != absl::string_view::npos) {
    return absl::OkStatus();
  }
  const absl::string_view scheme = text.substr(0, end);
  url->https = absl::EqualsIgnoreCase(scheme, "https");
  if (!url->https && !absl::EqualsIgnoreCase(scheme, "http")) {
    return BadUrl(text, absl::StrCat("unknown scheme \"", absl::CEscape(scheme), "\""));
  }
  rest->remove_prefix(end + 3);
  return absl::OkStatus();
}

absl::Status SetPort(absl::string_view text, absl::string_view port, Url* url) {
  uint32_t number = 0;
  const bool is_port = absl::c_all_of(port, absl::ascii_isdigit) &&
                       absl::SimpleAtoi(port, &number) && number >= 1 && number <= UINT16_MAX;
  if (!is_port)
    return BadUrl(
        text, absl::StrCat("port \"", absl::CEscape(port), "\" is not a number from 1 to 65535"));
  url->port = static_cast<uint16_t>(number);
  return absl::OkStatus();
}

bool IsHostByte(unsigned char c) {
  return absl::ascii_isalnum(c) || c == '-' || c == '.' || c == '_';
}
bool IsIpv6Byte(unsigned char c) { return absl::ascii_isxdigit(c) || c == ':' || c == '.'; }

// "[::1]" at the front of authority.
absl::Status TakeIpv6(absl::string_view text, absl::string_view* authority, Url* url) {
  const size_t end = authority->find(']');
  if (end == absl::string_view::npos) return BadUrl(text, "'[' without ']'");
  const absl::string_view address = authority->substr(1, end - 1);
  if (address.find(':') == absl::string_view::npos || !absl::c_all_of(address, IsIpv6Byte)) {
    return BadUrl(text, absl::StrCat("\"", absl::CEscape(address), "\" is not an IPv6 address"));
  }
  url->host = absl::AsciiStrToLower(address);
  authority->remove_prefix(end + 1);
  return absl::OkStatus();
}

absl::Status TakeHost(absl::string_view text, absl::string_view* authority, Url* url) {
  if (absl::StartsWith(*authority, "[")) return TakeIpv6(text, authority, url);
  const absl::string_view host = authority->substr(0, authority->find(':'));
  if (host.empty()) return BadUrl(text, "no host");
  if (!absl::c_all_of(host, IsHostByte)) {
    return BadUrl(text, absl::StrCat("bad host \"", absl::CEscape(host), "\""));
  }
  url->host = absl::AsciiStrToLower(host);
  authority->remove_prefix(host.size());
  return absl::OkStatus();
}

absl::Status ParseAuthority(absl::string_view text, absl::string_view authority, Url* url) {
  if (absl::StrContains(authority, "@")) {
    return BadUrl(text, "a user name or password");
  }
  DRUMFIRE_RETURN_IF_ERROR(TakeHost(text, &authority, url));
  url->port = url->https ? kHttpsPort : kHttpPort;
  if (authority.empty() || authority == ":") return absl::OkStatus();
  if (authority.front() != ':') return BadUrl(text, "text between host and path");
  if (absl::StrContains(authority.substr(1), ":"))
    return BadUrl(text, "an IPv6 address needs brackets");
  return SetPort(text, authority.substr(1), url);
}

// Paths without the '/' at their end, so that "/" and "" are one.
absl::string_view WithoutEndSlash(absl::string_view path) {
  while (absl::EndsWith(path, "/")) path.remove_suffix(1);
  return path;
}

// Length of the longest whole-segment text that ends base and begins endpoint.
size_t OverlapBytes(absl::string_view base, absl::string_view endpoint) {
  for (size_t length = std::min(base.size(), endpoint.size()); length > 0; --length) {
    const absl::string_view tail = base.substr(base.size() - length);
    const bool is_whole =
        tail.front() == '/' && (length == endpoint.size() || endpoint[length] == '/');
    if (is_whole && absl::StartsWith(endpoint, tail)) return length;
  }
  return 0;
}

}  // namespace

std::string Url::Authority() const {
  const bool is_ipv6 = absl::StrContains(host, ":");
  std::string authority = is_ipv6 ? absl::StrCat("[", host, "]") : host;
  if (port != (https ? kHttpsPort : kHttpPort)) absl::StrAppend(&authority, ":", port);
  return authority;
}

std::string Url::Target() const { return absl::StrCat(path, query); }

bool Url::is_loopback() const {
  return host == "localhost" || host == "::1" || absl::StartsWith(host, "127.");
}

std::string Url::ToString() const {
  return absl::StrCat(https ? "https://" : "http://", Authority(), Target());
}

absl::StatusOr<Url> ParseUrl(absl::string_view text) {
  auto is_outside = [](unsigned char c) { return c <= ' ' || c >= 0x7F; };
  if (absl::c_any_of(text, is_outside)) {
    return BadUrl(text, "spaces, control bytes and bytes beyond ASCII must be percent-encoded");
  }
  Url url;
  absl::string_view rest = text;
  absl::Status status = TakeScheme(text, &rest, &url);
  if (!status.ok()) return status;
  rest = rest.substr(0, rest.find('#'));
  const absl::string_view authority = rest.substr(0, rest.find_first_of("/?"));
  status = ParseAuthority(text, authority, &url);
  if (!status.ok()) return status;
  rest.remove_prefix(authority.size());
  const absl::string_view path = rest.substr(0, rest.find('?'));
  url.path = path.empty() ? "/" : std::string(path);
  url.query = std::string(rest.substr(path.size()));
  return url;
}

Url JoinEndpoint(const Url& base, absl::string_view endpoint_path) {
  const absl::string_view base_path = WithoutEndSlash(base.path);
  const absl::string_view endpoint = WithoutEndSlash(endpoint_path);
  Url joined = base;
  joined.path = absl::StrCat(base_path, endpoint_path.substr(OverlapBytes(base_path, endpoint)));
  if (joined.path.empty()) joined.path = "/";
  return joined;
}

}  // namespace drumfire
