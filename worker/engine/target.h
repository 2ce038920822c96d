// One of the plan's urls, with the parts needed to connect.
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

  // Whether requests are sent to the proxy in absolute form; otherwise they go through a tunnel.
  bool is_forwarded() const { return !is_tls && proxy.forwards_http(); }
};

// Uses the environment's proxy, unless the options ignore it.
Target MakeTarget(const Url& url, const v1::Connections& options);
// Makes a handle use this proxy, or none. Disables libcurl's own reading of the environment.
void SetProxy(const Proxy& proxy, CURL* easy);
// All urls of the plan, in order; InvalidArgument if there are none or one is wrong.
absl::StatusOr<std::vector<Target>> ParseTargets(const v1::Plan& plan);
// Per url of the plan: its proxy without credentials; empty = none.
std::vector<std::string> ShownProxies(const v1::Plan& plan);

}  // namespace drumfire
