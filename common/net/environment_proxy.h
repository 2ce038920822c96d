// The proxy that this process's environment names for a URL. All code that connects to a target
// uses this function and passes the result to libcurl, so that both engines and --wait-for-model
// follow one rule:
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

// Returns an environment variable, or null; getenv except in tests.
using Environment = std::function<const char*(const char* name)>;

// A proxy in libcurl's form.
struct Proxy {
  // "http://user:password@host:port"; always with a port. Empty = connect directly.
  std::string url;

  bool empty() const { return url.empty(); }
  // Without user and password, for display.
  std::string Shown() const;
  // Whether it accepts requests for http URLs in absolute form (RFC 9112, 3.2.2); a SOCKS proxy
  // does not.
  bool forwards_http() const;
  // Value of the Proxy-Authorization header from its user and password; empty without them.
  std::string Authorization() const;
};

Proxy EnvironmentProxy(const Url& url);
Proxy EnvironmentProxy(const Url& url, const Environment& environment);

}  // namespace drumfire
