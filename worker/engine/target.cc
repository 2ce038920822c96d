#include "worker/engine/target.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"

namespace drumfire {

Target MakeTarget(const Url& url, const v1::Connections& options) {
  const bool is_ipv6 = absl::StrContains(url.host, ':');
  Target target;
  target.url = url.ToString();
  target.origin = absl::StrCat(url.https ? "https://" : "http://", url.Authority());
  target.address =
      absl::StrCat(is_ipv6 ? absl::StrCat("[", url.host, "]") : url.host, ":", url.port);
  target.is_tls = url.https;
  if (!options.ignore_environment_proxy()) target.proxy = EnvironmentProxy(url);
  return target;
}

void SetProxy(const Proxy& proxy, CURL* easy) {
  curl_easy_setopt(easy, CURLOPT_PROXY, proxy.url.c_str());
  curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
}

absl::StatusOr<std::vector<Target>> ParseTargets(const v1::Plan& plan) {
  if (plan.urls().empty()) return absl::InvalidArgumentError("engine: the plan has no url");
  std::vector<Target> targets;
  for (const std::string& text : plan.urls()) {
    DRUMFIRE_ASSIGN_OR_RETURN(const Url url, ParseUrl(text));
    targets.push_back(MakeTarget(url, plan.connections()));
  }
  return targets;
}

std::vector<std::string> ShownProxies(const v1::Plan& plan) {
  std::vector<std::string> proxies;
  const absl::StatusOr<std::vector<Target>> targets = ParseTargets(plan);
  if (!targets.ok()) return proxies;
  for (const Target& target : *targets) proxies.push_back(target.proxy.Shown());
  return proxies;
}

}  // namespace drumfire
