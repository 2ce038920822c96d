// One of the plan's urls, as far as connecting needs it.
#pragma once

#include <curl/curl.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/net/environment_proxy.h"
#include "common/net/url.h"
#include "drumfire/v1/plan.pb.h"

namespace drumfire {

struct Target {
  std::string url;      // normalised
  std::string origin;   // scheme and authority: the url up to its path
  std::string address;  // "host:port", for messages
  bool is_tls = false;
  Proxy proxy;  // empty = direct

  // Requests go to the proxy in absolute form; else, behind a proxy, through a tunnel.
  bool is_forwarded() const { return !is_tls && proxy.forwards_http(); }
};

// With the proxy of the environment, unless the options ignore it.
Target MakeTarget(const Url& url, const v1::Connections& options);
// Makes a handle use this proxy, or none: libcurl's own look at the environment is switched off.
void SetProxy(const Proxy& proxy, CURL* easy);
// All urls of the plan, in its order; InvalidArgument when there is none or one is wrong.
absl::StatusOr<std::vector<Target>> ParseTargets(const v1::Plan& plan);
// By url of the plan: its proxy without credentials, empty = none.
std::vector<std::string> ShownProxies(const v1::Plan& plan);

}  // namespace drumfire
