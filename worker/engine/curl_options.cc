#include "worker/engine/curl_options.h"

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/clock/clock.h"
namespace drumfire {
namespace {

// libcurl counts whole seconds, at least one. 0 ns = any age will do.
long MaxAgeSeconds(const v1::Connections& options) {
  constexpr long kYear = 365L * 24 * 3600;
  if (options.max_idle_ns() <= 0) return kYear;
  return std::max(1L, static_cast<long>(options.max_idle_ns() / kNsPerSecond));
}

void SetTlsOptions(const v1::Connections& options, CURL* easy) {
  if (options.insecure()) {
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  if (options.ca_pem().empty()) return;
  curl_blob roots{};
  roots.data = const_cast<char*>(options.ca_pem().data());
  roots.len = options.ca_pem().size();
  roots.flags = CURL_BLOB_NOCOPY;
  curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &roots);
}

}  // namespace

void SetTargetOptions(const Target& target, const v1::Connections& options, CURL* easy) {
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);  // waits for no look-up that hangs
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_POST, 1L);
  curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(easy, CURLOPT_HTTP_TRANSFER_DECODING, 0L);
  curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, MaxAgeSeconds(options));
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
                   long{target.is_tls ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1});
  SetProxy(target.proxy, easy);
  SetTlsOptions(options, easy);
}

curl_slist* HeaderList(absl::string_view head) {
  curl_slist* list = curl_slist_append(nullptr, "Expect:");
  bool is_request_line = true;
  for (absl::string_view line : absl::StrSplit(head, "\r\n", absl::SkipEmpty())) {
    const bool is_skipped = is_request_line || absl::StartsWithIgnoreCase(line, "content-length:");
    is_request_line = false;
    if (is_skipped) continue;
    std::string text(absl::StripTrailingAsciiWhitespace(line));
    if (text.back() == ':') text.back() = ';';
    list = curl_slist_append(list, text.c_str());
  }
  return list;
}

absl::string_view PathOf(absl::string_view head) {
  const size_t start = head.find(' ') + 1;
  return head.substr(start, head.find(' ', start) - start);
}

int64_t InfoNs(CURL* easy, CURLINFO info) {
  curl_off_t us = 0;
  curl_easy_getinfo(easy, info, &us);
  return us * kNsPerUs;
}

v1::ErrorClass ClassAfterSend(CURLcode result) {
  switch (result) {
    case CURLE_PARTIAL_FILE:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return v1::ERROR_TRUNCATED;
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_WRITE_ERROR:
    case CURLE_OUT_OF_MEMORY:  // what libcurl says to a header line of over 100 kB
      return v1::ERROR_BAD_BODY;
    default:
      return v1::ERROR_RESET;
  }
}

}  // namespace drumfire
