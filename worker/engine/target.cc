#include "worker/engine/target.h"

#include <curl/curl.h>

#include <memory>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace drumfire {
namespace {

using UrlHandle = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

std::string Part(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) return "";
  std::string result(text);
  curl_free(text);
  return result;
}

bool IsLoopback(absl::string_view host) {
  return host == "localhost" || host == "[::1]" || absl::StartsWith(host, "127.");
}

}  // namespace

absl::StatusOr<Target> ParseTarget(absl::string_view url) {
  const UrlHandle parsed(curl_url(), curl_url_cleanup);
  const std::string text(url);
  const CURLUcode code = curl_url_set(parsed.get(), CURLUPART_URL, text.c_str(), 0);
  const std::string scheme = Part(parsed.get(), CURLUPART_SCHEME);
  const std::string host = Part(parsed.get(), CURLUPART_HOST);
  if (code != CURLUE_OK || host.empty() || (scheme != "http" && scheme != "https")) {
    return absl::InvalidArgumentError(
        absl::StrCat("url '", url, "': expected http://host[:port][/path] or https://..."));
  }
  Target target;
  target.url = text;
  target.address = absl::StrCat(host, ":", Part(parsed.get(), CURLUPART_PORT));
  target.is_tls = scheme == "https";
  target.is_loopback = IsLoopback(host);
  return target;
}

absl::StatusOr<std::vector<Target>> ParseTargets(const v1::Plan& plan) {
  if (plan.urls().empty()) return absl::InvalidArgumentError("engine: the plan has no url");
  std::vector<Target> targets;
  for (const std::string& url : plan.urls()) {
    absl::StatusOr<Target> target = ParseTarget(url);
    if (!target.ok()) return target.status();
    targets.push_back(*std::move(target));
  }
  return targets;
}

}  // namespace drumfire
