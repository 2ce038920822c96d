#include "coordinator/run/wait_for_model.h"

#include <curl/curl.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/clock/clock.h"
#include "common/net/environment_proxy.h"
#include "common/net/url.h"

namespace drumfire {
namespace {

constexpr char kModelsPath[] = "/v1/models";
constexpr auto kAskAgainAfter = std::chrono::milliseconds(200);
constexpr long kAnswerLimitMs = 5000;

size_t Ignore(char*, size_t size, size_t count, void*) { return size * count; }

struct Probe {
  std::unique_ptr<CURL, void (*)(CURL*)> handle{curl_easy_init(), curl_easy_cleanup};
  std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers{nullptr, curl_slist_free_all};
};

Probe MakeProbe(const ProfileRequest& request, const Url& url) {
  Probe probe;
  curl_slist* headers = nullptr;
  const auto add = [&headers](const v1::Header& header) {
    headers = curl_slist_append(headers, absl::StrCat(header.name(), ": ", header.value()).c_str());
  };
  for (const v1::Header& header : request.plan.endpoint().headers()) add(header);
  for (const v1::Header& header : request.secret_headers) add(header);
  probe.headers.reset(headers);
  CURL* const handle = probe.handle.get();
  curl_easy_setopt(handle, CURLOPT_URL, url.ToString().c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  const bool is_direct = request.plan.connections().ignore_environment_proxy();
  const Proxy proxy = is_direct ? Proxy() : EnvironmentProxy(url);
  curl_easy_setopt(handle, CURLOPT_PROXY, proxy.url.c_str());
  curl_easy_setopt(handle, CURLOPT_NOPROXY, "");
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &Ignore);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, kAnswerLimitMs);
  if (request.plan.connections().insecure()) {
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  const std::string& ca_pem = request.plan.connections().ca_pem();
  if (!ca_pem.empty()) {
    curl_blob blob{const_cast<char*>(ca_pem.data()), ca_pem.size(), CURL_BLOB_COPY};
    curl_easy_setopt(handle, CURLOPT_CAINFO_BLOB, &blob);
  }
  return probe;
}

// Empty when the server answered well, else what it said.
std::string Ask(const Probe& probe) {
  const CURLcode code = curl_easy_perform(probe.handle.get());
  if (code != CURLE_OK) return curl_easy_strerror(code);
  long status = 0;
  curl_easy_getinfo(probe.handle.get(), CURLINFO_RESPONSE_CODE, &status);
  return status >= 200 && status < 300 ? "" : absl::StrCat("status ", status);
}

}  // namespace

absl::Status WaitForModel(const ProfileRequest& request, const std::function<bool()>& stop) {
  if (request.wait_for_model_ns <= 0) return absl::OkStatus();
  const int64_t deadline_ns = SystemClock().MonotonicNs() + request.wait_for_model_ns;
  for (const std::string& base : request.plan.urls()) {
    const auto parsed = ParseUrl(base);
    if (!parsed.ok()) return parsed.status();
    const Url url = JoinEndpoint(*parsed, kModelsPath);
    const Probe probe = MakeProbe(request, url);
    for (std::string said = Ask(probe); !said.empty(); said = Ask(probe)) {
      if (stop()) return absl::CancelledError("stopped before the start");
      if (SystemClock().MonotonicNs() > deadline_ns) {
        return absl::InvalidArgumentError(absl::StrCat("--wait-for-model-timeout: ", url.ToString(),
                                                       " did not answer in time (", said, ")"));
      }
      std::this_thread::sleep_for(kAskAgainAfter);
    }
  }
  return absl::OkStatus();
}

}  // namespace drumfire
