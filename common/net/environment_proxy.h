// The proxy that this process's environment names for a URL. Everything that connects to a target
// asks here and gives the answer to libcurl, so that both engines and --wait-for-model follow one
// rule:
//
//   http_proxy (lower case only: a CGI host sets HTTP_PROXY from a request header), https_proxy or
//   HTTPS_PROXY by the URL's scheme, else all_proxy or ALL_PROXY; none for hosts in no_proxy or
//   NO_PROXY, and none for this host.
//
// no_proxy is a list, separated by commas or blanks: names (a name covers its subdomains),
// addresses, networks ("10.0.0.0/8"), each with ":port" for one port only, or "*".
#pragma once

#include <functional>
#include <string>

#include "absl/strings/string_view.h"
#include "common/net/url.h"

namespace drumfire {

// Value of an environment variable, or null; getenv but in tests.
using Environment = std::function<const char*(const char* name)>;

// A proxy as libcurl takes it.
struct Proxy {
  // "http://user:password@host:port"; the port is always there. Empty = connect to the URL itself.
  std::string url;

  bool empty() const { return url.empty(); }
  // Without user and password, for people.
  std::string Shown() const;
  // It takes requests for http URLs in absolute form (RFC 9112, 3.2.2); a SOCKS proxy does not.
  bool forwards_http() const;
  // Value of the Proxy-Authorization header that its user and password make; empty without them.
  std::string Authorization() const;
};

Proxy EnvironmentProxy(const Url& url);
Proxy EnvironmentProxy(const Url& url, const Environment& environment);

}  // namespace drumfire
