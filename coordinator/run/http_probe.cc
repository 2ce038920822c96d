#include "coordinator/run/http_probe.h"

#include <curl/curl.h>

#include <algorithm>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/clock/clock.h"
#include "common/endpoint/request_secrets.h"
#include "common/net/environment_proxy.h"
#include "common/net/url.h"

namespace drumfire {
namespace {

// A list of thousands of models fits; what is longer is cut.
constexpr size_t kMaxBodyBytes = 4 << 20;

using Handle = std::unique_ptr<CURL, void (*)(CURL*)>;
using HeaderList = std::unique_ptr<curl_slist, void (*)(curl_slist*)>;

size_t KeepBody(char* data, size_t size, size_t count, void* body) {
  auto* const kept = static_cast<std::string*>(body);
  kept->append(data, std::min(size * count, kMaxBodyBytes - kept->size()));
  return size * count;
}

int IsStopped(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return (*static_cast<const std::function<bool()>*>(stop))() ? 1 : 0;
}

bool HasHeader(const curl_slist* list, absl::string_view name) {
  for (; list != nullptr; list = list->next) {
    if (absl::StartsWithIgnoreCase(list->data, absl::StrCat(name, ":"))) return true;
  }
  return false;
}

HeaderList HeadersOf(const ProfileRequest& request, bool has_body) {
  curl_slist* list = nullptr;
  const auto add = [&list](const v1::Header& header) {
    list = curl_slist_append(list, absl::StrCat(header.name(), ": ", header.value()).c_str());
  };
  for (const v1::Header& header : request.plan.endpoint().headers()) add(header);
  for (const v1::Header& header : request.secrets.headers()) add(header);
  if (has_body && !HasHeader(list, "Content-Type")) {
    list = curl_slist_append(list, "Content-Type: application/json");
  }
  // No pause before the body.
  list = curl_slist_append(list, "Expect:");
  return {list, curl_slist_free_all};
}

void SetCertificates(const v1::Connections& connections, CURL* handle) {
  if (connections.insecure()) {
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  const std::string& pem = connections.ca_pem();
  if (pem.empty()) return;
  curl_blob blob{const_cast<char*>(pem.data()), pem.size(), CURL_BLOB_COPY};
  curl_easy_setopt(handle, CURLOPT_CAINFO_BLOB, &blob);
}

// The workers' rule, not libcurl's own.
void SetProxy(const v1::Connections& connections, const std::string& url, CURL* handle) {
  const auto parsed = ParseUrl(url);
  const bool is_direct = connections.ignore_environment_proxy() || !parsed.ok();
  const Proxy proxy = is_direct ? Proxy() : EnvironmentProxy(*parsed);
  curl_easy_setopt(handle, CURLOPT_PROXY, proxy.url.c_str());
  curl_easy_setopt(handle, CURLOPT_NOPROXY, "");
}

void SetBody(const std::string& body, CURL* handle) {
  if (body.empty()) return;
  curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(handle, CURLOPT_POSTFIELDS, body.c_str());
}

bool IsTlsError(CURLcode code) {
  return code == CURLE_SSL_CONNECT_ERROR || code == CURLE_PEER_FAILED_VERIFICATION ||
         code == CURLE_SSL_CACERT_BADFILE;
}

std::string SentUrl(const ProfileRequest& request, const ProbeQuestion& question) {
  absl::StatusOr<Url> url = ParseUrl(question.url);
  if (!url.ok()) return question.url;
  url->query = QueryOf(request.secrets, question.plan_url, url->query);
  return url->ToString();
}

}  // namespace

ProbeAnswer AskServer(const ProfileRequest& request, const ProbeQuestion& question,
                      const std::function<bool()>& stop) {
  ProbeAnswer answer;
  const Handle owner(curl_easy_init(), curl_easy_cleanup);
  CURL* const handle = owner.get();
  const HeaderList headers = HeadersOf(request, !question.body.empty());
  curl_easy_setopt(handle, CURLOPT_URL, SentUrl(request, question).c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &KeepBody);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &answer.body);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_QUICK_EXIT, 1L);  // waits for no look-up that hangs
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS,
                   static_cast<long>(std::max(question.timeout_ns / kNsPerMs, int64_t{1})));
  curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, &IsStopped);
  curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &stop);
  SetProxy(request.plan.connections(), question.url, handle);
  SetCertificates(request.plan.connections(), handle);
  SetBody(question.body, handle);
  const CURLcode code = curl_easy_perform(handle);
  if (code != CURLE_OK) answer.error = curl_easy_strerror(code);
  answer.is_tls = IsTlsError(code);
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &answer.status);
  answer.body = SecretsIn(request.secrets).Strike(answer.body);
  return answer;
}

}  // namespace drumfire
