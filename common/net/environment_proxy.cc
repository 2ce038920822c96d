#include "common/net/environment_proxy.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace drumfire {
namespace {

constexpr char kSchemeEnd[] = "://";
constexpr size_t kSchemeEndSize = sizeof(kSchemeEnd) - 1;
// libcurl's own defaults for a proxy without a port.
constexpr absl::string_view kDefaultPort = ":1080";
constexpr absl::string_view kDefaultHttpsPort = ":443";

std::string FirstSet(const Environment& environment, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const char* value = environment(name);
    if (value != nullptr && *value != '\0') return value;
  }
  return "";
}

std::string ProxyText(const Url& url, const Environment& environment) {
  return url.https ? FirstSet(environment, {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})
                   : FirstSet(environment, {"http_proxy", "all_proxy", "ALL_PROXY"});
}

struct Address {
  std::array<uint8_t, 16> bytes{};
  int bits = 0;  // 32 or 128
};

std::optional<Address> ParseAddress(absl::string_view text) {
  const std::string copy(text);
  Address address;
  if (inet_pton(AF_INET, copy.c_str(), address.bytes.data()) == 1) {
    address.bits = 32;
  } else if (inet_pton(AF_INET6, copy.c_str(), address.bytes.data()) == 1) {
    address.bits = 128;
  } else {
    return std::nullopt;
  }
  return address;
}

bool ShareFirstBits(const Address& a, const Address& b, int bits) {
  for (int bit = 0; bit < bits; ++bit) {
    const int mask = 0x80 >> (bit % 8);
    if (((a.bytes[bit / 8] ^ b.bytes[bit / 8]) & mask) != 0) return false;
  }
  return true;
}

bool IsInNetwork(absl::string_view host, absl::string_view network) {
  const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(network, '/');
  const std::optional<Address> address = ParseAddress(host);
  const std::optional<Address> base = ParseAddress(parts.first);
  int bits = 0;
  const bool is_network = base.has_value() && absl::SimpleAtoi(parts.second, &bits) && bits >= 0;
  return is_network && address.has_value() && address->bits == base->bits && bits <= base->bits &&
         ShareFirstBits(*address, *base, bits);
}

// Splits ":port" off; an IPv6 address has it only behind brackets.
absl::string_view TakePort(absl::string_view* entry) {
  const size_t colon = entry->rfind(':');
  const bool is_bare_ipv6 =
      !absl::StrContains(*entry, ']') && std::count(entry->begin(), entry->end(), ':') > 1;
  if (colon == absl::string_view::npos || is_bare_ipv6) return "";
  if (absl::StrContains(entry->substr(colon), ']')) return "";
  const absl::string_view port = entry->substr(colon + 1);
  entry->remove_suffix(port.size() + 1);
  return port;
}

bool Covers(absl::string_view entry, const Url& url) {
  if (entry == "*") return true;
  if (absl::StrContains(entry, '/')) return IsInNetwork(url.host, entry);
  const absl::string_view port = TakePort(&entry);
  if (!port.empty() && port != absl::StrCat(url.port)) return false;
  absl::ConsumePrefix(&entry, "[");
  absl::ConsumeSuffix(&entry, "]");
  absl::ConsumePrefix(&entry, "*");
  absl::ConsumePrefix(&entry, ".");
  absl::ConsumeSuffix(&entry, ".");
  if (entry.empty()) return false;
  const std::string name = absl::AsciiStrToLower(entry);
  return url.host == name || absl::EndsWith(url.host, absl::StrCat(".", name));
}

bool IsExempt(const Url& url, const Environment& environment) {
  if (url.is_loopback()) return true;
  const std::string list = FirstSet(environment, {"no_proxy", "NO_PROXY"});
  for (absl::string_view entry : absl::StrSplit(list, absl::ByAnyChar(", \t"), absl::SkipEmpty())) {
    if (Covers(entry, url)) return true;
  }
  return false;
}

// "scheme://user:password@host:port" with scheme and port filled in.
std::string Normalised(absl::string_view text) {
  text = absl::StripTrailingAsciiWhitespace(absl::StripLeadingAsciiWhitespace(text));
  const size_t scheme_end = text.find(kSchemeEnd);
  const bool has_scheme = scheme_end != absl::string_view::npos;
  const std::string scheme =
      has_scheme ? absl::AsciiStrToLower(text.substr(0, scheme_end)) : "http";
  if (has_scheme) text.remove_prefix(scheme_end + kSchemeEndSize);
  const size_t at = text.rfind('@');
  text = text.substr(0, text.find('/', at == absl::string_view::npos ? 0 : at));
  absl::string_view host = text.substr(text.rfind('@') + 1);
  const bool has_port = !TakePort(&host).empty();
  const absl::string_view port =
      has_port ? "" : (scheme == "https" ? kDefaultHttpsPort : kDefaultPort);
  return absl::StrCat(scheme, kSchemeEnd, text, port);
}

std::string PercentDecoded(absl::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool is_escape = text[i] == '%' && i + 2 < text.size() &&
                           absl::ascii_isxdigit(text[i + 1]) && absl::ascii_isxdigit(text[i + 2]);
    if (!is_escape) {
      decoded += text[i];
      continue;
    }
    decoded += absl::HexStringToBytes(text.substr(i + 1, 2));
    i += 2;
  }
  return decoded;
}

}  // namespace

std::string Proxy::Shown() const {
  const size_t at = url.rfind('@');
  if (at == std::string::npos) return url;
  return absl::StrCat(url.substr(0, url.find(kSchemeEnd) + kSchemeEndSize), url.substr(at + 1));
}

bool Proxy::forwards_http() const {
  return absl::StartsWith(url, "http://") || absl::StartsWith(url, "https://");
}

std::string Proxy::Authorization() const {
  const size_t at = url.rfind('@');
  if (at == std::string::npos) return "";
  const size_t start = url.find(kSchemeEnd) + kSchemeEndSize;
  const std::pair<absl::string_view, absl::string_view> login =
      absl::StrSplit(absl::string_view(url).substr(start, at - start), absl::MaxSplits(':', 1));
  return absl::StrCat("Basic ", absl::Base64Escape(absl::StrCat(PercentDecoded(login.first), ":",
                                                                PercentDecoded(login.second))));
}

Proxy EnvironmentProxy(const Url& url) {
  return EnvironmentProxy(url, [](const char* name) { return std::getenv(name); });
}

Proxy EnvironmentProxy(const Url& url, const Environment& environment) {
  const std::string text = ProxyText(url, environment);
  if (text.empty() || IsExempt(url, environment)) return {};
  return {Normalised(text)};
}

}  // namespace drumfire
